"""Prints what a client is told: one line of JSON for each event and gap, and "live" for each connection."""

import asyncio
import sys

from dronecast import ForeignEvent, Status, connect


def report(status: Status) -> None:
    if status.state == "live":
        print('"live"', flush=True)


async def main(url: str, transport: str) -> None:
    async with connect(url, transport=transport, on_status=report) as client:
        async for item in client:
            if not isinstance(item, ForeignEvent):
                print(item.model_dump_json(by_alias=True), flush=True)


asyncio.run(main(*sys.argv[1:]))
