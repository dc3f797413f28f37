"""Events by WebSocket."""

from __future__ import annotations

import json

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from ..errors import ConnectionFailed, RefusedError
from .base import Action, Attempt, Ending, Frame, parse_json, refusal

#: Close codes after which a client does not simply resume; docs/PROTOCOL.md has them all.
_ACTIONS: dict[int, Action] = {
    1002: "fatal",
    1003: "fatal",
    1007: "fatal",
    1009: "fatal",
    4400: "fatal",
    1011: "retry",
}


def _closed(code: int, reason: str) -> Ending:
    action = _ACTIONS.get(code, "resume")
    message = f"closed with {code}: {reason or 'the connection broke'}"
    return Ending(action, RefusedError(message, code) if action == "fatal" else ConnectionFailed(message))


async def web_socket(attempt: Attempt) -> Ending:
    since = {} if attempt.since is None else {"since": attempt.since}
    address = "ws" + attempt.address("ws/events", **since).removeprefix("http")
    try:
        socket = await connect(
            address,
            additional_headers=attempt.headers,
            compression=None,
            max_size=None,
            ping_interval=None,
            open_timeout=attempt.timeout,
            close_timeout=1,
        )
    except InvalidStatus as error:
        answer = error.response
        return refusal(answer.status_code, httpx.Headers(list(answer.headers.raw_items())), answer.body or b"")
    except (OSError, InvalidHandshake, TimeoutError, EOFError) as error:
        return Ending("blocked", ConnectionFailed(f"no WebSocket: {error or type(error).__name__}"))

    async def say(frame: Frame) -> None:
        await socket.send(json.dumps(frame))

    async with socket:
        attempt.opened(say)
        try:
            async for text in socket:
                await attempt.receive(parse_json(text))
        except ConnectionClosed:
            pass
        return _closed(socket.close_code or 1006, socket.close_reason or "")
