from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from conftest import QUICK, App, Register, eventually

from dronecast import IncidentReport
from dronecast.detector import DetectorSupervisor, Session

SECONDS = 20


def seen(number: int = 0) -> IncidentReport:
    return IncidentReport(image_url=f"https://x/{number}.jpg", object_bbox=(1, 2, 3, 4), class_id=number)


@asynccontextmanager
async def supervised(supervisor: DetectorSupervisor) -> AsyncIterator[None]:
    task = asyncio.create_task(supervisor.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Diary:
    """What detectors did, in order."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    async def detect(self, session: Session) -> None:
        self._queue.put_nowait(("start", session))
        try:
            await asyncio.Event().wait()
        finally:
            self._queue.put_nowait(("stop", session))

    async def next(self) -> tuple[str, Any]:
        return await asyncio.wait_for(self._queue.get(), SECONDS)


async def change(app: App, serial_number: str, **patch: object) -> None:
    async with httpx.AsyncClient() as client:
        (await client.patch(f"{app.url}/api/v1/drones/sn/{serial_number}", json=patch)).raise_for_status()


async def incidents(app: App, serial_number: str, count: int) -> list[Any]:
    found: list[Any] = []

    async def are_there() -> bool:
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{app.url}/api/v1/drones/sn/{serial_number}/incidents")
        found[:] = answer.json()["data"]["incidents"]
        return len(found) >= count

    await eventually(are_there)
    return found


async def spooled(spool: Path, count: int) -> None:
    async def is_it() -> bool:
        return len(list(spool.glob("*.json"))) == count

    await eventually(is_it)


async def test_a_detector_runs_while_its_stream_is_on(standalone: App, register: Register, tmp_path: Path) -> None:
    register(standalone, "A", streamCredentials={"userName": "cam", "password": "hush", "port": 554})
    diary = Diary()
    supervisor = DetectorSupervisor(standalone.url, diary.detect, sn="A", folder=tmp_path / "spool", timing=QUICK)
    async with supervised(supervisor):
        await change(standalone, "A", streamIsOn=True)
        what, session = await diary.next()
        assert what == "start" and session.drone.stream_credentials.password == "hush"
        await change(standalone, "A", deviceName="no reason to start anew")
        await change(standalone, "A", detectionClasses=[1, 2])
        assert (await diary.next())[0] == "stop"
        what, session = await diary.next()
        assert what == "start" and session.drone.detection_classes == [1, 2]
        assert session.stopping.is_set() is False

        session.publish_web_rtc_url("https://media.example.com/A")
        session.report(seen(7))
        (incident,) = await incidents(standalone, "A", 1)
        assert incident["classId"] == 7

        async def is_written() -> bool:
            async with httpx.AsyncClient() as client:
                answer = await client.get(f"{standalone.url}/api/v1/drones/sn/A")
            return bool(answer.json()["data"]["drone"]["webRTCUrl"] == "https://media.example.com/A")

        await eventually(is_written)

        await change(standalone, "A", streamIsOn=False)
        assert (await diary.next())[0] == "stop"
        await change(standalone, "A", streamIsOn=True)
        assert (await diary.next())[0] == "start"
        async with httpx.AsyncClient() as client:
            await client.delete(f"{standalone.url}/api/v1/drones/sn/A")
        assert (await diary.next())[0] == "stop"


async def test_all_drones_in_a_pool_also_those_that_come_later(standalone: App, register: Register, tmp_path: Path) -> None:
    register(standalone, "OLD", streamIsOn=True)
    diary = Diary()
    async with supervised(DetectorSupervisor(standalone.url, diary.detect, folder=tmp_path / "spool", timing=QUICK)):
        assert (await diary.next())[1].serial_number == "OLD"
        register(standalone, "NEW", streamIsOn=True)
        assert (await diary.next())[1].serial_number == "NEW"


async def test_a_plain_function_runs_in_a_thread_and_again_after_it_failed(
    standalone: App, register: Register, tmp_path: Path
) -> None:
    register(standalone, "A", streamIsOn=True)
    started: list[Session] = []
    second = threading.Event()
    ended = threading.Event()

    def detect(session: Session) -> None:
        started.append(session)
        if len(started) == 1:
            raise RuntimeError("the camera is not there yet")
        second.set()
        session.stopping.wait(SECONDS)
        ended.set()

    async with supervised(DetectorSupervisor(standalone.url, detect, sn="A", folder=tmp_path / "spool", timing=QUICK)):
        assert await asyncio.to_thread(second.wait, SECONDS)
        await change(standalone, "A", streamIsOn=False)
        assert await asyncio.to_thread(ended.wait, SECONDS)


async def test_incidents_outlive_an_outage_and_the_detector_itself(standalone: App, register: Register, tmp_path: Path) -> None:
    register(standalone, "A", streamIsOn=True)
    spool = tmp_path / "spool"
    diary = Diary()
    async with supervised(DetectorSupervisor(standalone.url, diary.detect, sn="A", folder=spool, timing=QUICK)):
        _, session = await diary.next()
        await asyncio.to_thread(standalone.stop)
        for number in range(5):
            session.report(seen(number))
        await spooled(spool, 5)

    await asyncio.to_thread(standalone.start)
    async with supervised(DetectorSupervisor(standalone.url, diary.detect, sn="A", folder=spool, timing=QUICK)):
        found = await incidents(standalone, "A", 5)
        await spooled(spool, 0)
    assert sorted(incident["classId"] for incident in found) == [0, 1, 2, 3, 4]
