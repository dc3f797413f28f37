"""Tokens, and the functions that give them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable

from .errors import ConnectionFailed
from .outside import Outside

#: A token that stays as it is, or a function that gives one each time that one is needed.
Token = str | Callable[[], str | Awaitable[str]]

#: What fits into a header.
_TOKEN = re.compile(r"[\x21-\x7e]+")


class TokenSource:
    def __init__(self, token: Token | None, seconds: float = 30) -> None:
        """:param seconds: that a function may take."""
        self._token = token
        self._outside = Outside("the token function", seconds)

    @property
    def can_renew(self) -> bool:
        """Whether the next token may be another."""
        return callable(self._token)

    async def read(self) -> str | None:
        """None where none is needed. Raises what the function raises, or ConnectionFailed."""
        if self._token is None:
            return None
        token: object = self._token
        if callable(self._token):
            # One that blocks must not hold up everything else.
            ask = self._token
            token = ask() if inspect.iscoroutinefunction(ask) else await self._outside.call(ask)
            if inspect.isawaitable(token):
                token = await self._outside.wait(token)
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise ConnectionFailed("the token function gave no token: a text of visible ASCII characters")
        return token
