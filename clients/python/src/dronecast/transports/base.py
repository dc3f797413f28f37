"""One connection, from the side that wants it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import quote, urlencode

import httpx

from ..errors import ConnectionFailed, RefusedError, UnreadableFrame
from ..filter import Filter
from ..timing import parse_retry_after

TransportName = Literal["ws", "sse", "poll"]
TRANSPORTS: tuple[TransportName, ...] = ("ws", "sse", "poll")

#: A JSON object of the relay.
Frame = dict[str, Any]
Say = Callable[[Frame], Awaitable[None]]

#: `resume`, `retry` and `fatal` as the close codes have it; `blocked`: this transport did not get through, another
#: one might; `unauthorized`: come back with a fresh token; `unreadable`: what came was no frame, so come back for it
#: later; `no_token`, `failed`: come back later; `again`: this side wants to reconnect.
Action = Literal["resume", "retry", "fatal", "blocked", "unauthorized", "unreadable", "no_token", "failed", "again"]

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
    #: Takes a frame; raises UnreadableFrame for what is none, which is the end of the connection.
    receive: Callable[[Any], Awaitable[None]]
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
        # `quote_plus` would write a space as `+`, which only readers of forms take for one.
        return f"{self.url}/{path}" + (f"?{urlencode(parameters, quote_via=quote, safe='')}" if parameters else "")


class Transport(Protocol):
    """Returns why the connection is over, or raises."""

    async def __call__(self, attempt: Attempt) -> Ending: ...


def parse_json(text: str | bytes) -> Any:
    """Raises UnreadableFrame for what is no JSON, or nested more deeply than Python can read."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFrame(f"a frame cannot be read: {error}") from error


def parse_frame(value: Any) -> Frame | None:
    """
    What was received, by the members that a client goes by; None for a frame that is not known, which has to be ignored.
    Raises UnreadableFrame for what can't be a frame.
    """
    if not isinstance(value, dict):
        raise UnreadableFrame("a frame cannot be read: it is no JSON object")
    event, data = value.get("event"), value.get("data")
    if not isinstance(data, dict):
        return None
    if value.get("type") == "relay":
        if (event == "relay.gap" or "cursor" in data) and not isinstance(data.get("cursor"), str):
            raise UnreadableFrame(f"a frame cannot be read: {event} has a cursor that is no text")
        return value if isinstance(event, str) else None
    return value if value.get("foreign") is True or isinstance(value.get("id"), str) else None


def refusal(status: int, headers: httpx.Headers, body: bytes | bytearray) -> Ending:
    """What an answer other than the wanted one stands for."""
    try:
        message = str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError, RecursionError):
        message = f"HTTP {status}"
    if status == 401:
        return Ending("unauthorized", RefusedError(message, status))
    if status in (400, 403):
        return Ending("fatal", RefusedError(message, status))
    retry_after = parse_retry_after(headers.get("retry-after"))
    return Ending("retry" if status in _RETRY else "blocked", ConnectionFailed(message), retry_after)
