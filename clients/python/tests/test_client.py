from __future__ import annotations

import asyncio
import json
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import QUICK, REPO, App, Register, States, System
from proxy import Proxy

from dronecast import ApiError, Client, DroneUpdated, FileCursor, ForeignEvent, Gap, IncidentReport, RefusedError, connect
from dronecast.api import Api
from dronecast.testing import FakeRelay


async def take(client: Client, count: int) -> list[Any]:
    async def read() -> list[Any]:
        items: list[Any] = []
        async for item in client:
            items.append(item)
            if len(items) == count:
                return items
        return items

    return await asyncio.wait_for(read(), 20)


@pytest.mark.parametrize("transport", ["ws", "sse", "poll"])
async def test_follows_filters_and_resumes(standalone: App, register: Register, transport: Any) -> None:
    states = States()
    options = {"sn": ["A", "B*"], "events": ["updated"], "transport": transport}
    async with connect(standalone.url, **options, on_status=states, timing=QUICK) as client:
        aiter(client)
        await states.reached("live")
        for sn in ("A", "B1", "C"):
            register(standalone, sn)
            await client.api.patch(sn, {"deviceName": "one"})
        items = await take(client, 2)
        assert [(item.serial_number, item.revision) for item in items] == [("A", 2), ("B1", 2)]
        client._link.reconnect()
        await client.api.patch("A", {"deviceName": "two"})
        await client.api.patch("B1", {"deviceName": "two"})
        assert [item.revision for item in await take(client, 2)] == [3, 3]
        client.follow(sn="C")
        await states.reached("live")
        await client.api.patch("C", {"deviceName": "three"})
        assert (await take(client, 1))[0].serial_number == "C"


async def test_a_registration_that_is_tried_again_with_its_key_gives_the_drone(standalone: App) -> None:
    fields = {"deviceSerialNumber": "A", "deviceName": "one", "deviceCategory": "CCTV"}
    async with connect(standalone.url) as client:
        first, again = [await client.api.register(**fields, idempotency_key="k") for _ in range(2)]
        assert again == first
        with pytest.raises(ApiError) as refusal:
            await client.api.register(**fields)
        assert refusal.value.status == 409


async def test_lists_the_last_broadcasts(standalone: App) -> None:
    async with connect(standalone.url) as client:
        assert await client.api.broadcasts() == []
        for message in ("one", "two", "three"):
            await client.api._ask("POST", "/api/v1/system/broadcast", {"message": message, "level": "info"})
        assert [sent.data.message for sent in await client.api.broadcasts()] == ["three", "two", "one"]
        (newest,) = await client.api.broadcasts(limit=1)
        assert (newest.data.message, newest.data.level, newest.actor) == ("three", "info", None)
        with pytest.raises(ApiError) as refusal:
            await client.api.broadcasts(limit=101)
        assert refusal.value.status == 400


async def test_a_broadcast_that_cannot_be_read_hides_none_of_the_others(caplog: pytest.LogCaptureFixture) -> None:
    frame = json.loads((REPO / "packages/events/fixtures/system.broadcast.json").read_text())
    answer = {"status": "success", "results": 3, "data": {"broadcasts": [frame, {**frame, "data": 7}, None]}}
    api = Api("http://api.example")
    api._client = httpx.AsyncClient(
        base_url="http://api.example", transport=httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    )
    assert [sent.actor for sent in await api.broadcasts()] == ["dispatch-1"]
    assert caplog.text.count("a broadcast of the list is left out") == 2
    await api.close()


async def test_a_restart_of_the_relay_loses_nothing_a_restart_of_standalone_is_a_gap(system: System, register: Register) -> None:
    states = States()
    async with connect(
        system.relay.url, api=system.api.url, sn="A", events=["updated"], on_status=states, timing=QUICK
    ) as client:
        aiter(client)
        await states.reached("live")
        register(system.api, "A")
        for how in (signal.SIGKILL, signal.SIGTERM):
            await asyncio.to_thread(system.relay.stop, how)
            await states.reached("offline")
            revision = (await client.api.patch("A", {"deviceName": f"after {how}"})).revision
            await asyncio.to_thread(system.relay.start)
            assert [item.revision for item in await take(client, 1)] == [revision]


async def test_a_lost_history_is_a_gap(standalone: App, register: Register, tmp_path: Path) -> None:
    register(standalone, "A")
    store = FileCursor(tmp_path / "cursor")
    store.save("abc.1-0")
    async with connect(standalone.url, cursor=store, timing=QUICK) as client:
        (gap,) = await take(client, 1)
        assert isinstance(gap, Gap)
        await client.api.patch("A", {"deviceName": "x"})
        (event,) = await take(client, 1)
        assert isinstance(event, DroneUpdated)
        await client.api.patch("A", {"deviceName": "y"})
        await take(client, 1)  # Now the one before it is dealt with.
    assert store.load() == event.id

    async with connect(standalone.url, cursor=store, timing=QUICK) as again:
        (event,) = await take(again, 1)
        assert event.data.full.device_name == "y", "what was read and not dealt with comes again"


async def test_a_proxy_that_strips_upgrades(standalone: App, register: Register) -> None:
    register(standalone, "A")
    states = States()
    async with Proxy(standalone.port) as proxy:
        proxy.strips_upgrade = True
        async with connect(proxy.url, api=standalone.url, events=["updated"], on_status=states, timing=QUICK) as client:
            aiter(client)
            assert (await states.reached("live")).transport == "sse"
            for number in range(3):
                await client.api.patch("A", {"deviceName": f"sse {number}"})
            assert [item.revision for item in await take(client, 3)] == [2, 3, 4]
            proxy.strips_upgrade = False
            while (await states.reached("live")).transport != "ws":
                pass
            await client.api.patch("A", {"deviceName": "ws"})
            assert [item.revision for item in await take(client, 1)] == [5]


async def test_a_refusal_ends_it(standalone: App) -> None:
    with pytest.raises(ValueError, match="url"):
        connect("ws://x")
    async with FakeRelay() as relay, connect(relay.url, timing=QUICK) as client:
        await relay.connected()
        await relay.drop(4400)
        with pytest.raises(RefusedError) as caught:
            await take(client, 1)
        assert caught.value.code == 4400


async def test_dedupes_renews_and_passes_foreign_messages() -> None:
    tokens = iter(["first", "second"])
    async with FakeRelay() as relay:
        async with connect(relay.url, token=lambda: next(tokens), timing=QUICK) as client:
            aiter(client)
            await relay.connected()
            await relay.put("A")
            await relay._tell(relay._history[0])
            await relay._tell(relay._frame("relay.expiring", expiresInMs=30_000))
            foreign = '{"type":"drone:event","channel":"drone:A:battery","serialNumber":"A","foreign":true,"data":{"x":1}}'
            await relay._tell(foreign)
            created, other = await take(client, 2)
            assert created.revision == 1
            assert isinstance(other, ForeignEvent) and other.data == {"x": 1}
            await relay.heard(1)
            assert relay.said == [{"action": "authenticate", "token": "second"}]


NAMES = ["AC:CC:8E:0F:12:34", "DS-7616NI-E2/16P0123", "A+B", "A B", "cam#1", "user@host/ch1", "a/../b", "a/incidents"]


@pytest.mark.parametrize("serial_number", NAMES)
async def test_the_serial_number_of_a_real_device_in_a_path_and_a_query(standalone: App, serial_number: str) -> None:
    fields = {"deviceSerialNumber": serial_number, "deviceName": "one", "deviceCategory": "CCTV"}
    async with connect(standalone.url, sn=serial_number, timing=QUICK) as client:
        aiter(client)
        watch = client.watch(serial_number)
        await client.api.register(**fields)
        report = IncidentReport(image_url="https://images.example.com/1.jpg", object_bbox=(1, 2, 3, 4))
        assert (await client.api.report(serial_number, report)).serial_number == serial_number
        await client.api.patch(serial_number, {"deviceName": "two"})
        assert (await client.api.drone(serial_number)).device_name == "two"
        created, _, updated = await take(client, 3)
        assert {created.serial_number, updated.serial_number} == {serial_number}
        drone = await asyncio.wait_for(watch.ready(), 10)
        assert drone and drone.device_serial_number == serial_number
        await client.api.delete(serial_number)


async def test_the_fake_relay_knows_such_serial_numbers() -> None:
    async with FakeRelay() as relay, connect(relay.url, sn=["A+B", "A *", "user@host/ch1"], timing=QUICK) as client:
        await relay.put("user@host/ch1", deviceName="first")
        drone = await asyncio.wait_for(client.watch("user@host/ch1").ready(), 10)
        assert drone and drone.device_name == "first"
        await relay.connected()
        assert relay.connections[0]["sn"] == ["A+B,A *,user@host/ch1"]
        aiter(client)
        await relay.put("A B")
        assert (await take(client, 1))[-1].channel == "drone:A%20B:created"


@pytest.mark.parametrize("name", ["", "all", "A:", ":A", " A", "A ", "A  B", "A\n", "A,B", "Ä", "A*B", "x" * 65, "x" * 64 + "*"])
async def test_what_is_no_name_is_refused_at_once(name: str) -> None:
    with pytest.raises(ValueError, match="sn"):
        connect("http://127.0.0.1", sn=name)


@pytest.mark.parametrize("name", [*NAMES, "A-", "*", "A*", "all*", "AC:*", "A *", "x" * 64, "x" * 63 + "*"])
async def test_what_is_a_name_is_taken(name: str) -> None:
    await connect("http://127.0.0.1", sn=name).api.close()


async def test_watch_is_right_across_losses() -> None:
    async with FakeRelay() as relay:
        await relay.put("A", deviceName="first")
        async with connect(relay.url, timing=QUICK) as client:
            watch = client.watch("A")
            drone = await asyncio.wait_for(watch.ready(), 10)
            assert drone and drone.device_name == "first"
            changes = watch.changes()
            await anext(changes)
            await relay.put("A", deviceName="second")
            drone = await asyncio.wait_for(anext(changes), 10)
            assert drone and drone.device_name == "second"
            relay.drones["A"] = {**relay.drones["A"], "deviceName": "unheard of", "revision": 9}
            await relay.gap()
            drone = await asyncio.wait_for(anext(changes), 10)
            assert drone and drone.device_name == "unheard of"
            with suppress(ValueError):
                connect(relay.url, sn="B").watch("A")
                pytest.fail("what is not followed cannot be watched")
