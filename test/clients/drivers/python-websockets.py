import asyncio
import sys
from urllib.parse import urlencode

import websockets
from event_lines import show, socket_query


async def follow(base: str, *query: str) -> None:
    url = f"{base.replace('http', 'ws')}/ws/events?{urlencode(socket_query(*query))}"
    async with websockets.connect(url) as socket:
        async for message in socket:
            show(message)


asyncio.run(follow(*sys.argv[1:]))
