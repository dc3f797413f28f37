from __future__ import annotations

import asyncio
from typing import Any

import pytest
from conftest import QUICK
from http_relay import HttpRelay, Visit
from socket_relay import SocketRelay

from dronecast import ApiError, ConnectionFailed, WatchStatus, connect
from dronecast.testing import make_drone

SECONDS = 20
GAP = '{"type":"relay","event":"relay.gap","data":{"cursor":"e.1-0","reason":"history lost"}}'


class Statuses:
    def __init__(self) -> None:
        self._queue: asyncio.Queue[WatchStatus] = asyncio.Queue()

    def __call__(self, status: WatchStatus) -> None:
        self._queue.put_nowait(status)

    async def reached(self, state: str) -> WatchStatus:
        while True:
            status = await asyncio.wait_for(self._queue.get(), SECONDS)
            if status.state == state:
                return status


def answer(visit: Visit, revision: int, **fields: Any) -> None:
    credentials = {"userName": "", "password": "", "port": "8554"}
    drone = {**make_drone("A", revision=revision, **fields), "streamCredentials": credentials}
    visit.answer({"status": "success", "data": {"drone": drone}})


FAILURES: dict[str, Any] = {
    "503": lambda visit: visit.refuse(503),
    "429": lambda visit: visit.refuse(429),
    "401": lambda visit: visit.refuse(401),
    "403": lambda visit: visit.refuse(403),
    "400": lambda visit: visit.refuse(400),
    "reset": lambda visit: visit.reset(),
    "another shape": lambda visit: visit.answer({}),
    "a list": lambda visit: visit.answer("[]"),
    "no JSON": lambda visit: visit.answer("no JSON"),
    "deep JSON": lambda visit: visit.answer('{"a":' * 20_000 + "1" + "}" * 20_000),
    "year 10000": lambda visit: answer(visit, 7, createdAt="+010000-01-01T00:00:00.000Z"),
}


@pytest.mark.parametrize("way", FAILURES)
async def test_a_copy_that_could_not_be_read_is_stale_says_why_and_is_read_until_it_is_fresh(way: str) -> None:
    statuses = Statuses()
    async with SocketRelay() as relay, HttpRelay() as api:
        async with connect(relay.url, api=api.url, token=lambda: "x", timing=QUICK) as client:
            watch = client.watch("A", on_status=statuses)
            relayed = await relay.next()
            relayed.say()
            answer(await api.next(), 1)
            await statuses.reached("fresh")
            relayed.say(GAP)
            FAILURES[way](await api.next())
            status = await statuses.reached("stale")
            assert isinstance(status.error, ApiError if way.isdecimal() else ConnectionFailed)
            assert watch.value and watch.value.revision == 1, "what was right last stays"
            answer(await api.next(), 2)
            await statuses.reached("fresh")
            assert watch.value.revision == 2


async def test_an_api_that_asks_to_wait_is_asked_later() -> None:
    statuses = Statuses()
    async with SocketRelay() as relay, HttpRelay() as api:
        async with connect(relay.url, api=api.url, timing=QUICK) as client:
            client.watch("A", on_status=statuses)
            (await relay.next()).say()
            (await api.next()).refuse(429, retry_after="7")
            status = await statuses.reached("stale")
            assert status.retry_in is not None and 7 <= status.retry_in < 8


async def test_a_read_that_is_refused_is_told_to_who_waits_and_tried_again() -> None:
    async with SocketRelay() as relay, HttpRelay() as api:
        async with connect(relay.url, api=api.url, timing=QUICK) as client:
            watch = client.watch("A")
            changes = watch.changes()
            (await relay.next()).say()
            (await api.next()).refuse(403)
            with pytest.raises(ApiError):
                await asyncio.wait_for(watch.ready(), SECONDS)
            answer(await api.next(), 4)
            drone = await asyncio.wait_for(anext(changes), SECONDS)
            assert drone and drone.revision == 4, "the rights have changed"
            assert await watch.ready() == drone


async def test_who_waits_for_a_watch_that_ends_is_told_so() -> None:
    async with SocketRelay() as relay, HttpRelay() as api:
        async with connect(relay.url, api=api.url, timing=QUICK) as client:
            watch = client.watch("A")
            waiting = asyncio.create_task(watch.ready())
            await asyncio.sleep(0)
            watch.close()
            with pytest.raises(ConnectionFailed, match="closed"):
                await asyncio.wait_for(waiting, SECONDS)
            assert watch.status.state == "closed"
