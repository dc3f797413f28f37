import asyncio
import sys

import aiohttp
from event_lines import EventLines, headers_of


async def follow(base: str, serial_number: str, *cursor: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{base}/sse/events", params={"sn": serial_number}, headers=headers_of(list(cursor))) as answer:
            answer.raise_for_status()
            lines = EventLines()
            async for line in answer.content:
                lines.take(line)


asyncio.run(follow(*sys.argv[1:]))
