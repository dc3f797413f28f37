from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from http_relay import HttpRelay, Visit

from dronecast import Api, IncidentNotSent, IncidentReport
from dronecast.incident_buffer import IncidentBuffer
from dronecast.timing import Range

SECONDS = 20
QUICK = Range(0.02, 0.1)


def seen(number: int = 0, label: str | None = None) -> IncidentReport:
    return IncidentReport(image_url=f"https://x/{number}.jpg", object_bbox=(1, 2, 3, 4), class_id=number, label=label)


def of(visit: Visit) -> tuple[str, int]:
    return visit.path.split("/")[-2], json.loads(visit.body)["classId"]


def take(visit: Visit) -> tuple[str, int]:
    sn, number = of(visit)
    incident = {**json.loads(visit.body), "id": "0" * 24, "serialNumber": sn}
    incident |= {"capturedAt": "2026-01-01T00:00:00.000Z", "createdAt": "2026-01-01T00:00:00.000Z"}
    visit.answer({"status": "success", "data": {"incident": incident}}, 201)
    return sn, number


@asynccontextmanager
async def sending(buffer: IncidentBuffer) -> AsyncIterator[None]:
    task = asyncio.create_task(buffer.send())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def emptied(buffer: IncidentBuffer) -> None:
    async def wait() -> None:
        while len(buffer):
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), SECONDS)


async def test_a_drone_that_is_refused_for_now_holds_up_no_other(tmp_path: Path) -> None:
    async with HttpRelay() as relay:
        buffer = IncidentBuffer(tmp_path, Api(relay.url), backoff=QUICK)
        for number in range(3):
            buffer.add("FULL", seen(number))
        for number in range(3):
            buffer.add("OTHER", seen(number))
        taken = []
        async with sending(buffer):
            while len(taken) < 3:
                visit = await relay.next()
                if of(visit)[0] == "FULL":
                    visit.refuse(503)
                else:
                    taken.append(take(visit))
            assert taken == [("OTHER", 0), ("OTHER", 1), ("OTHER", 2)]
            full = []
            while len(full) < 3:
                full.append(take(await relay.next()))
            assert full == [("FULL", 0), ("FULL", 1), ("FULL", 2)], "in their order"
            await emptied(buffer)


async def test_an_answer_that_does_not_come_holds_up_no_other(tmp_path: Path) -> None:
    async with HttpRelay() as relay:
        buffer = IncidentBuffer(tmp_path, Api(relay.url), backoff=QUICK)
        buffer.add("SILENT", seen())
        buffer.add("OTHER", seen())
        async with sending(buffer):
            visits = {of(visit)[0]: visit for visit in [await relay.next(), await relay.next()]}
            take(visits["OTHER"])
            take(visits["SILENT"])
            await emptied(buffer)


@pytest.mark.parametrize("status", [400, 404, 413, 422])
async def test_what_is_refused_for_good_is_set_aside_and_said(tmp_path: Path, status: int) -> None:
    errors: list[Exception] = []
    async with HttpRelay() as relay:
        buffer = IncidentBuffer(tmp_path, Api(relay.url), backoff=QUICK, on_error=errors.append)
        key = buffer.add("A", seen(1))
        buffer.add("A", seen(2))
        async with sending(buffer):
            visit = await relay.next()
            assert visit.headers["idempotency-key"] == key
            visit.refuse(status)
            assert take(await relay.next()) == ("A", 2)
            await emptied(buffer)
    (error,) = errors
    assert isinstance(error, IncidentNotSent)
    assert (error.serial_number, error.idempotency_key) == ("A", key)
    assert f"refused with {status}" in str(error)
    assert error.path == tmp_path / "refused" / f"{key}.json"
    kept = json.loads(error.path.read_text())
    assert kept["serialNumber"] == "A" and kept["report"]["classId"] == 1 and f"refused with {status}" in kept["refused"]
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 503])
async def test_what_may_succeed_later_is_sent_until_it_does(tmp_path: Path, status: int) -> None:
    async with HttpRelay() as relay:
        buffer = IncidentBuffer(tmp_path, Api(relay.url), backoff=QUICK)
        key = buffer.add("A", seen(1))
        async with sending(buffer):
            for _ in range(3):
                visit = await relay.next()
                assert visit.headers["idempotency-key"] == key
                visit.refuse(status)
            assert take(await relay.next()) == ("A", 1)
            await emptied(buffer)


async def test_the_api_says_when_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    sleep = asyncio.sleep

    async def watched(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    async with HttpRelay() as relay:
        buffer = IncidentBuffer(tmp_path, Api(relay.url), backoff=QUICK)
        buffer.add("A", seen(1))
        monkeypatch.setattr("dronecast.incident_buffer.asyncio.sleep", watched)
        async with sending(buffer):
            (await relay.next()).refuse(503, retry_after="30")
            take(await relay.next())
    assert 30 <= max(waits) < 31


async def test_files_of_before_are_sent_and_damaged_ones_set_aside(tmp_path: Path) -> None:
    report = {"imageUrl": "https://x/7.jpg", "objectBBox": [1, 2, 3, 4], "classId": 7}
    old = tmp_path / "00000000000000000001-abc.json"
    old.write_text(json.dumps({"serialNumber": "A", "report": report}))
    damaged = {"00000000000000000000-a.json": b"", "00000000000000000002-b.json": b"{", "00000000000000000003-c.json": b"[1]"}
    damaged |= {"00000000000000000004-d.json": b'{"serialNumber":7,"report":{}}', "00000000000000000005-e.json": b"\xff\xfe"}
    damaged |= {"00000000000000000006-f.json": b'{"serialNumber":"A","report":{"imageUrl":3}}'}
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "00000000000000000009-half.new").write_text("{")
    errors: list[Exception] = []
    async with HttpRelay() as relay:
        buffer = IncidentBuffer(tmp_path, Api(relay.url), backoff=QUICK, on_error=errors.append)
        async with sending(buffer):
            visit = await relay.next()
            assert visit.headers["idempotency-key"] == old.stem
            assert take(visit) == ("A", 7)
            await emptied(buffer)
    assert {path.name for path in (tmp_path / "refused").iterdir()} == set(damaged)
    assert len(errors) == len(damaged) and all(isinstance(error, IncidentNotSent) for error in errors)


async def test_the_buffer_is_bounded_in_bytes_and_says_what_it_drops(tmp_path: Path) -> None:
    errors: list[Exception] = []
    buffer = IncidentBuffer(tmp_path, Api("http://127.0.0.1:1"), capacity_bytes=20_000, on_error=errors.append)
    for number in range(50):
        buffer.add("A", seen(number, label="x" * 1000))
    files = sorted(tmp_path.glob("*.json"))
    assert 10 <= len(files) < 20 and sum(path.stat().st_size for path in files) <= 20_000
    assert [json.loads(path.read_text())["report"]["classId"] for path in files] == list(range(50 - len(files), 50))
    assert len(errors) == 50 - len(files) == 50 - len(buffer)
    assert isinstance(errors[0], IncidentNotSent) and "full" in str(errors[0]) and errors[0].path is None

    again = IncidentBuffer(tmp_path, Api("http://127.0.0.1:1"), capacity_bytes=5000)
    assert len(again) == len(list(tmp_path.glob("*.json"))) < 5, "a lower bound holds for what is there"
    alone = IncidentBuffer(tmp_path, Api("http://127.0.0.1:1"), capacity=2)
    alone.add("B", seen())
    assert len(alone) == 2


async def test_what_is_set_aside_is_bounded_too(tmp_path: Path) -> None:
    async with HttpRelay() as relay:
        buffer = IncidentBuffer(tmp_path, Api(relay.url), capacity_bytes=20_000, backoff=QUICK)
        async with sending(buffer):
            for number in range(30):
                buffer.add("A", seen(number, label="x" * 1000))
                (await relay.next()).refuse(400)
            await emptied(buffer)
    kept = sorted((tmp_path / "refused").iterdir())
    assert kept and sum(path.stat().st_size for path in kept) <= 20_000
    assert json.loads(kept[-1].read_text())["report"]["classId"] == 29, "the oldest give way"


async def test_a_disk_that_is_full_does_not_lose_what_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[Exception] = []
    async with HttpRelay() as relay:
        buffer = IncidentBuffer(tmp_path, Api(relay.url), backoff=QUICK, on_error=errors.append)

        def full(*_: Any, **__: Any) -> int:
            raise OSError("no space left")

        monkeypatch.setattr(Path, "write_text", full)
        async with sending(buffer):
            buffer.add("A", seen(1))
            assert take(await relay.next()) == ("A", 1)
            await emptied(buffer)
    assert [str(error) for error in errors] == ["an incident of A is kept in memory only: no space left"]


async def test_order_outlives_a_clock_that_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api("http://127.0.0.1:1")
    first = [IncidentBuffer(tmp_path, api).add("A", seen(number)) for number in range(3)]
    monkeypatch.setattr("dronecast.incident_buffer.time.time_ns", lambda: 1)
    buffer = IncidentBuffer(tmp_path, api)
    later = [buffer.add("A", seen(number)) for number in range(3, 6)]
    keys = first + later
    assert keys == sorted(keys) and len(set(keys)) == 6


async def test_two_detectors_never_have_the_same_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dronecast.incident_buffer.time.time_ns", lambda: 1)
    api = Api("http://127.0.0.1:1")
    keys = [IncidentBuffer(tmp_path / name, api).add("A", seen()) for name in ("one", "two")]
    assert keys[0] != keys[1]
