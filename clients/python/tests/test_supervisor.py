"""The supervisor where API and relay are what the test makes of them."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from conftest import QUICK
from http_relay import HttpRelay, Visit
from socket_relay import SocketRelay
from test_detector import Diary, seen, supervised

from dronecast import IncidentNotSent, IncidentReport
from dronecast.detector import DetectorSupervisor, _in_thread
from dronecast.testing import make_drone

SECONDS = 20
GAP = '{"type":"relay","event":"relay.gap","data":{"cursor":"e.1-0","reason":"history lost"}}'


def drone(serial_number: str, **fields: Any) -> dict[str, Any]:
    credentials = {"userName": "", "password": "", "port": "8554"}
    return {**make_drone(serial_number, streamIsOn=True, **fields), "streamCredentials": credentials}


def answer_drone(visit: Visit, **fields: Any) -> None:
    visit.answer({"status": "success", "data": {"drone": drone(visit.path.rpartition("/")[2], **fields)}})


def answer_list(visit: Visit, *drones: Any) -> None:
    visit.answer({"status": "success", "results": len(drones), "data": {"drones": list(drones)}})


async def test_a_drone_that_can_not_be_read_is_read_again_and_its_detector_starts(tmp_path: Path) -> None:
    errors: list[Exception] = []
    diary = Diary()
    async with SocketRelay() as relay, HttpRelay() as api:
        supervisor = DetectorSupervisor(
            relay.url, diary.detect, api=api.url, sn="A", folder=tmp_path, on_error=errors.append, timing=QUICK
        )
        async with supervised(supervisor):
            (await relay.next()).say()
            for status in (403, 400, 503):
                (await api.next()).refuse(status)
            answer_drone(await api.next())
            # Once more for the credentials.
            answer_drone(await api.next())
            what, session = await diary.next()
            assert (what, session.serial_number) == ("start", "A")
    assert [str(error) for error in errors] == ["refused with 403", "refused with 400", "refused with 503"]


async def test_a_list_that_can_not_be_read_is_asked_for_again_and_one_bad_drone_is_left_out(tmp_path: Path) -> None:
    diary = Diary()
    async with SocketRelay() as relay, HttpRelay() as api:
        supervisor = DetectorSupervisor(relay.url, diary.detect, api=api.url, folder=tmp_path, timing=QUICK)
        async with supervised(supervisor):
            (await relay.next()).say()
            for bad in ("{}", "[]", "no JSON", '{"data":{"drones":7}}'):
                (await api.next("/api/v1/drones")).answer(bad)
            answer_list(await api.next("/api/v1/drones"), drone("BAD", createdAt="never"), {}, 7, drone("GOOD"))
            answer_drone(await api.next("/api/v1/drones/sn/GOOD"))
            answer_drone(await api.next("/api/v1/drones/sn/GOOD"))
            assert (await diary.next())[1].serial_number == "GOOD"


async def test_a_gap_while_the_drones_are_listed_lists_them_anew(tmp_path: Path) -> None:
    diary = Diary()
    async with SocketRelay() as relay, HttpRelay() as api:
        supervisor = DetectorSupervisor(relay.url, diary.detect, api=api.url, folder=tmp_path, timing=QUICK)
        async with supervised(supervisor):
            relayed = await relay.next()
            relayed.say()
            await api.next("/api/v1/drones")
            # What is registered now may stand on a page that was read already.
            relayed.say(GAP)
            answer_list(await api.next("/api/v1/drones"), drone("NEW"))
            for _ in range(2):
                answer_drone(await api.next("/api/v1/drones/sn/NEW"))
            assert (await diary.next())[1].serial_number == "NEW"


async def test_an_incident_that_is_refused_is_told(tmp_path: Path) -> None:
    errors: asyncio.Queue[Exception] = asyncio.Queue()
    diary = Diary()
    async with SocketRelay() as relay, HttpRelay() as api:
        supervisor = DetectorSupervisor(
            relay.url, diary.detect, api=api.url, sn="A", folder=tmp_path, on_error=errors.put_nowait, timing=QUICK
        )
        async with supervised(supervisor):
            (await relay.next()).say()
            for _ in range(2):
                answer_drone(await api.next())
            _, session = await diary.next()
            session.report(seen(1))
            with pytest.raises(ValueError, match="JSON"):
                session.report(IncidentReport(image_url="https://x/1.jpg", object_bbox=(1, 2, 3, float("nan"))))
            (await api.next("/api/v1/drones/sn/A/incidents")).refuse(422)
            error = await asyncio.wait_for(errors.get(), SECONDS)
            assert isinstance(error, IncidentNotSent) and error.path and error.path.exists()


async def test_a_detector_that_exits_its_thread_has_failed() -> None:
    with pytest.raises(RuntimeError, match="SystemExit"):
        await asyncio.wait_for(_in_thread(sys.exit, threading.Event()), SECONDS)
