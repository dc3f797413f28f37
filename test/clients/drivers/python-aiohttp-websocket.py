import asyncio
import sys

import aiohttp
from event_lines import show, socket_query


async def follow(base: str, *query: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{base}/ws/events", params=socket_query(*query)) as socket:
            async for message in socket:
                show(message.data)


asyncio.run(follow(*sys.argv[1:]))
