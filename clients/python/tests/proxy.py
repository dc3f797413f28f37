"""What stands between a client and a relay, and may be hostile to upgrades."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Proxy:
    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.strips_upgrade = False
        self.url = ""

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if self.strips_upgrade:
                lines = head.split(b"\r\n")
                head = b"\r\n".join(line for line in lines if not line.lower().startswith((b"upgrade:", b"connection:")))
            onward, back = await asyncio.open_connection("127.0.0.1", self._upstream)
            back.write(head)
            await asyncio.gather(_pipe(reader, back), _pipe(onward, writer))
        writer.close()
        self._tasks.discard(task)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
