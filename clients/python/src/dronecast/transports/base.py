"""One connection, from the side that wants it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

import httpx

from ..errors import ConnectionFailed, RefusedError
from ..filter import Filter

TransportName = Literal["ws", "sse", "poll"]
TRANSPORTS: tuple[TransportName, ...] = ("ws", "sse", "poll")

#: A JSON object of the relay.
Frame = dict[str, Any]
Say = Callable[[Frame], Awaitable[None]]

#: `resume`, `retry` and `fatal` as the close codes have it; `blocked`: this transport did not get through, another
#: one might; `unauthorized`: come back with a fresh token; `again`: this side wants to reconnect.
Action = Literal["resume", "retry", "fatal", "blocked", "unauthorized", "again"]

_RETRY = {408, 425, 429, 500, 502, 503, 504}


@dataclass
class Ending:
    """Why a connection is over."""

    action: Action
    error: Exception | None = None
    #: Seconds that the relay asks to wait.
    retry_after: float = 0


@dataclass
class Attempt:
    #: Of the relay, without a slash at its end.
    url: str
    filter: Filter
    since: str | None
    token: str | None
    receive: Callable[[Frame], Awaitable[None]]
    #: A sign of life that is no frame.
    alive: Callable[[], None]
    #: Called with what says something in place, where that is possible.
    opened: Callable[[Say], None]
    #: Seconds in which a connection must stand.
    timeout: float
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {} if self.token is None else {"authorization": f"Bearer {self.token}"}

    def address(self, path: str, **query: str) -> str:
        parameters = {**self.filter.query(), **query}
        return f"{self.url}/{path}" + (f"?{urlencode(parameters)}" if parameters else "")


class Transport(Protocol):
    async def __call__(self, attempt: Attempt) -> Ending: ...


def refusal(status: int, headers: httpx.Headers, body: bytes | bytearray) -> Ending:
    """What an answer other than the wanted one stands for."""
    try:
        message = str(httpx.Response(status, content=bytes(body)).json()["detail"])
    except (ValueError, KeyError, TypeError):
        message = f"HTTP {status}"
    if status == 401:
        return Ending("unauthorized", RefusedError(message, status))
    if status in (400, 403):
        return Ending("fatal", RefusedError(message, status))
    try:
        retry_after = max(0.0, float(headers.get("retry-after", "0")))
    except ValueError:
        retry_after = 0
    return Ending("retry" if status in _RETRY else "blocked", ConnectionFailed(message), retry_after)
