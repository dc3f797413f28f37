"""A small relay and API for the tests of programs that use this package."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response


def make_drone(serial_number: str, **fields: Any) -> dict[str, Any]:
    """A drone as JSON, with what is not given filled in."""
    return {
        "id": "0" * 24,
        "deviceSerialNumber": serial_number,
        "deviceName": serial_number,
        "deviceCategory": "DRONE",
        "metadata": {"alias": "", "description": ""},
        "isUsingAiDetection": False,
        "streamIsOn": False,
        "streamUrl": "",
        "webRTCUrl": "",
        "cameras": [],
        "detectionClasses": [],
        "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
        "revision": 1,
        **fields,
    }


class FakeRelay:
    """
    Speaks the relay's WebSocket protocol on a free port, with resuming, and answers GETs of drones. `async with
    FakeRelay() as relay`, give `relay.url` to the program, then `put`, `publish`, `gap` and `drop`. It filters nothing.
    """

    def __init__(self) -> None:
        self.drones: dict[str, dict[str, Any]] = {}
        #: Query of each connection so far.
        self.connections: list[dict[str, list[str]]] = []
        #: What clients have said.
        self.said: list[dict[str, Any]] = []
        self._epoch = "fake"
        self._history: list[str] = []
        self._sockets: set[ServerConnection] = set()
        self._server: Server | None = None
        self._arrived = asyncio.Condition()
        self.url = ""

    async def __aenter__(self) -> FakeRelay:
        self._server = await serve(self._follow, "127.0.0.1", 0, process_request=self._answer, compression=None)
        port = next(iter(self._server.sockets)).getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    async def connected(self, count: int = 1) -> None:
        """Waits until so many connections were made, in all."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.connections) >= count)

    async def heard(self, count: int = 1) -> None:
        """Waits until clients have said so many things, in all."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.said) >= count)

    async def put(self, serial_number: str, **fields: Any) -> None:
        """Registers or changes a drone, and publishes that."""
        before = self.drones.get(serial_number)
        revision = before["revision"] + 1 if before else 1
        drone = {**(before or make_drone(serial_number)), **fields, "revision": revision}
        self.drones[serial_number] = drone
        data: dict[str, Any] = {"serialNumber": serial_number, "droneId": drone["id"], "full": drone}
        if before is None:
            await self.publish("drone.created", serial_number, revision, data)
        else:
            previous = {name: before[name] for name in fields}
            await self.publish("drone.updated", serial_number, revision, {**data, "changes": fields, "previous": previous})

    async def publish(self, event: str, serial_number: str, revision: int, data: dict[str, Any]) -> None:
        """Sends an event to everybody who is connected, and to who resumes."""
        kind = event.rpartition(".")[2]
        frame = {
            "id": self._cursor(len(self._history) + 1),
            "type": "drone:event",
            "event": event,
            "channel": f"drone:{quote(serial_number, safe='')}:{kind}",
            "serialNumber": serial_number,
            "revision": revision,
            "timestamp": "2026-01-01T00:00:00.000Z",
            "data": data,
        }
        text = json.dumps(frame)
        self._history.append(text)
        await self._tell(text)

    async def gap(self, reason: str = "history lost") -> None:
        """Starts another life of the history: everybody, and who resumes from before, is told."""
        self._epoch += "x"
        self._history.clear()
        await self._tell(self._frame("relay.gap", cursor=self._cursor(), reason=reason))

    async def drop(self, code: int = 1012) -> None:
        """Closes every connection."""
        await asyncio.gather(*(socket.close(code) for socket in list(self._sockets)))

    def _cursor(self, number: int | None = None) -> str:
        return f"{self._epoch}.{len(self._history) if number is None else number}-0"

    def _frame(self, event: str, **data: Any) -> str:
        return json.dumps({"type": "relay", "event": event, "data": data})

    async def _tell(self, text: str) -> None:
        for socket in list(self._sockets):
            await socket.send(text)

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        path = urlsplit(request.path).path
        if path == "/ws/events":
            return None
        serial_number = unquote(path.removeprefix("/api/v1/drones/sn/"))
        if serial_number in self.drones:
            drone = {**self.drones[serial_number], "streamCredentials": {"userName": "", "password": "", "port": "8554"}}
            return self._json(connection, HTTPStatus.OK, {"status": "success", "data": {"drone": drone}})
        problem = {"status": 404, "code": "not_found", "detail": f"nothing at {path}"}
        return self._json(connection, HTTPStatus.NOT_FOUND, problem)

    def _json(self, connection: ServerConnection, status: HTTPStatus, body: dict[str, Any]) -> Response:
        response = connection.respond(status, json.dumps(body))
        del response.headers["Content-Type"]
        response.headers["Content-Type"] = "application/json"
        return response

    async def _follow(self, socket: ServerConnection) -> None:
        query = parse_qs(urlsplit(socket.request.path if socket.request else "").query)
        epoch, _, rest = query.get("since", [""])[0].rpartition(".")
        is_resumed = epoch == self._epoch
        greeting = {"clientId": "fake", "resumed": is_resumed, "heartbeatMs": 60_000}
        start = int(rest.partition("-")[0]) if is_resumed else len(self._history)
        await socket.send(self._frame("relay.connected", cursor=self._cursor(start), **greeting))
        if epoch and not is_resumed:
            await socket.send(self._frame("relay.gap", cursor=self._cursor(), reason="history lost"))
        for text in self._history[start:]:
            await socket.send(text)
        self._sockets.add(socket)
        async with self._arrived:
            self.connections.append(query)
            self._arrived.notify_all()
        try:
            async for message in socket:
                async with self._arrived:
                    self.said.append(json.loads(message))
                    self._arrived.notify_all()
        finally:
            self._sockets.discard(socket)
