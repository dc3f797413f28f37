"""Events by one request after the other."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx

from ..errors import ConnectionFailed, UnreadableFrame
from .base import Attempt, Ending, parse_json, refusal

#: Seconds that an answer may wait for events, and seconds beyond that after which it counts as lost.
_WAIT = 25
_GRACE = 10
_LIMIT = 1000
#: Seconds between two requests when the relay, or what is before it, does not wait.
_PAUSE = 1


async def long_poll(attempt: Attempt) -> Ending:
    since = attempt.since
    wait = 0  # The first one is answered at once, so that the client knows that it is connected.
    try:
        async with httpx.AsyncClient(timeout=httpx.Timeout(attempt.timeout)) as client:
            while True:
                started = time.monotonic()
                query = {"wait": str(wait), "limit": str(_LIMIT)} | ({} if since is None else {"since": since})
                timeout = httpx.Timeout(attempt.timeout, read=wait + _GRACE)
                address = attempt.address("poll/events", **query)
                answer = await client.get(address, headers=attempt.headers, timeout=timeout)
                if answer.status_code != 200:
                    return refusal(answer.status_code, answer.headers, answer.content)
                if not answer.headers.get("content-type", "").startswith("application/json"):
                    return Ending("blocked", ConnectionFailed("what answers there is no relay"))
                events, since = _read(answer.content)
                for frame in events:
                    await attempt.receive(frame)
                await attempt.receive({"type": "relay", "event": "relay.heartbeat", "data": {"cursor": since}})
                if not events and wait and time.monotonic() - started < _PAUSE:
                    await asyncio.sleep(_PAUSE)
                wait = _WAIT
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        return Ending("blocked", ConnectionFailed(f"no answer: {error}"))
    except httpx.HTTPError as error:
        return Ending("resume", ConnectionFailed(f"the poll broke: {error}"))


def _read(content: bytes) -> tuple[list[Any], str]:
    body = parse_json(content)
    events, cursor = (body.get("events"), body.get("cursor")) if isinstance(body, dict) else (None, None)
    if not isinstance(events, list) or not isinstance(cursor, str):
        raise UnreadableFrame("the answer to a poll cannot be read: events and cursor are missing")
    return events, cursor
