"""Events by server-sent events."""

from __future__ import annotations

import httpx

from ..errors import ConnectionFailed, UnreadableFrame
from .base import Attempt, Ending, parse_json, refusal
from .sse_parser import SseParser


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
    parser = SseParser()
    async for chunk in answer.aiter_bytes():
        attempt.alive()
        try:
            messages = list(parser.feed(chunk))
        except ValueError as error:
            raise UnreadableFrame(f"the event stream cannot be read: {error}") from error
        for cursor, data in messages:
            if data is not None:
                await attempt.receive(parse_json(data))
            elif cursor:
                await attempt.receive({"type": "relay", "event": "relay.heartbeat", "data": {"cursor": cursor}})
    return Ending("resume", ConnectionFailed("the event stream ended"), parser.retry)
