"""Events by server-sent events (HTML standard, section 9.2)."""

from __future__ import annotations

import json

import httpx

from ..errors import ConnectionFailed
from .base import Attempt, Ending, refusal


async def event_stream(attempt: Attempt) -> Ending:
    headers = {**attempt.headers, "accept": "text/event-stream"}
    if attempt.since is not None:
        headers["last-event-id"] = attempt.since
    timeout = httpx.Timeout(attempt.timeout, read=None)
    try:
        async with httpx.AsyncClient(timeout=timeout) as client:
            async with client.stream("GET", attempt.address("sse/events"), headers=headers) as answer:
                if answer.status_code != 200:
                    return refusal(answer.status_code, answer.headers, await answer.aread())
                if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                    return Ending("blocked", ConnectionFailed("what answers there is no event stream"))
                return await _read(answer, attempt)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        return Ending("blocked", ConnectionFailed(f"no answer: {error}"))
    except httpx.HTTPError as error:
        return Ending("resume", ConnectionFailed(f"the event stream broke: {error}"))


async def _read(answer: httpx.Response, attempt: Attempt) -> Ending:
    retry_after = 0.0
    data: list[str] = []
    cursor: str | None = None
    async for line in answer.aiter_lines():
        attempt.alive()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if line == "":
            if data:
                await attempt.receive(json.loads("\n".join(data)))
            elif cursor is not None:
                await attempt.receive({"type": "relay", "event": "relay.heartbeat", "data": {"cursor": cursor}})
            data, cursor = [], None
        elif name == "data":
            data.append(value)
        elif name == "id":
            cursor = value
        elif name == "retry" and value.isdecimal():
            retry_after = int(value) / 1000
    return Ending("resume", ConnectionFailed("the event stream ended"), retry_after)
