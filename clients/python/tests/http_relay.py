"""What is behind a relay's or an API's address: bytes that the test gives."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit


def greeting(resumed: bool) -> str:
    data = {"clientId": "x", "cursor": "e.1-0", "resumed": resumed, "heartbeatMs": 60_000}
    return json.dumps({"type": "relay", "event": "relay.connected", "data": data})


@dataclass
class Visit:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    writer: asyncio.StreamWriter
    is_streaming: bool = False

    @property
    def since(self) -> str | None:
        return self.headers.get("last-event-id") or (self.query.get("since") or [None])[0]

    def stream(self) -> None:
        self.is_streaming = True
        self.writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")

    def write(self, data: str | bytes) -> None:
        self.writer.write(data if isinstance(data, bytes) else data.encode())

    def answer(self, body: str | bytes | dict[str, Any], status: int = 200, **headers: str) -> None:
        content = json.dumps(body) if isinstance(body, dict) else body
        content = content if isinstance(content, bytes) else content.encode()
        head = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        self.writer.write(f"HTTP/1.1 {status} X\r\n{lines}Content-Length: {len(content)}\r\n\r\n".encode() + content)

    def refuse(self, status: int, **headers: str) -> None:
        self.answer({"status": status, "code": "refused", "detail": f"refused with {status}"}, status, **headers)

    def reset(self) -> None:
        self.writer.transport.abort()

    def say(self, *texts: str) -> None:
        """Greets, then says these frames, by the transport that was asked for."""
        if self.path == "/poll/events":
            ids = re.findall(r'^{"id":"([^"]+)"', "\n".join(texts), re.MULTILINE)
            cursor = ids[-1] if ids else self.since or "e.1-0"
            return self.answer(f'{{"events":[{",".join(texts)}],"cursor":"{cursor}"}}')
        text = ""
        if not self.is_streaming:
            self.stream()
            text = f"data: {greeting(self.since is not None)}\n\n"
            if self.since is None:
                text = f"id: e.1-0\n{text}"
        # In one write, so that what comes behind an unreadable frame is there with it.
        self.write(text + "".join(f"data: {each}\n\n" for each in texts))
        return None


class HttpRelay:
    def __init__(self) -> None:
        self.visits: asyncio.Queue[Visit] = asyncio.Queue()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.url = ""

    async def __aenter__(self) -> HttpRelay:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def next(self, path: str | None = None) -> Visit:
        """The next request, of a path if one is given."""
        while True:
            visit = await asyncio.wait_for(self.visits.get(), 20)
            if path is None or visit.path == path:
                return visit

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                first, *lines = head.strip().split("\r\n")
                method, target, _ = first.split(" ")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                url = urlsplit(target)
                self.visits.put_nowait(Visit(method, url.path, parse_qs(url.query), headers, body, writer))
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
        finally:
            self._writers.discard(writer)
