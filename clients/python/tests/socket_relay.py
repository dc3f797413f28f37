"""A relay of WebSockets that says what the test gives."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from http_relay import greeting
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response


@dataclass
class SocketVisit:
    socket: ServerConnection
    since: str | None
    loop: asyncio.AbstractEventLoop
    has_greeted: bool = False

    def say(self, *texts: str) -> None:
        said = texts if self.has_greeted else (greeting(self.since is not None), *texts)
        self.has_greeted = True

        async def send() -> None:
            for text in said:
                await self.socket.send(text)

        self._sending = self.loop.create_task(send())


class SocketRelay:
    def __init__(self) -> None:
        self.visits: asyncio.Queue[SocketVisit] = asyncio.Queue()
        #: Statuses to answer with in place of an upgrade, one after the other.
        self.refusals: list[int] = []
        #: Authorization of each request.
        self.tokens: list[str | None] = []
        self._server: Server | None = None
        self.url = ""

    async def __aenter__(self) -> SocketRelay:
        self._server = await serve(self._follow, "127.0.0.1", 0, process_request=self._answer, compression=None)
        self.url = f"http://127.0.0.1:{next(iter(self._server.sockets)).getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()

    async def next(self, _path: Any = None) -> SocketVisit:
        return await asyncio.wait_for(self.visits.get(), 20)

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        self.tokens.append(request.headers.get("authorization"))
        if not self.refusals:
            return None
        return connection.respond(HTTPStatus(self.refusals.pop(0)), "")

    async def _follow(self, socket: ServerConnection) -> None:
        assert socket.request
        since = parse_qs(urlsplit(socket.request.path).query).get("since", [None])[0]
        self.visits.put_nowait(SocketVisit(socket, since, asyncio.get_running_loop()))
        await socket.wait_closed()
