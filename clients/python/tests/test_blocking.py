from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from conftest import QUICK, App, Register
from socket_relay import SocketRelay

from dronecast import RefusedError, blocking
from dronecast.testing import FakeRelay

EXAMPLE = Path(__file__).parents[1] / "examples" / "detector.py"


def test_a_loop_in_a_thread(standalone: App, register: Register) -> None:
    with blocking.connect(standalone.url, sn="A", events=["created", "updated", "deleted"], timing=QUICK) as client:
        seen: list[object] = []
        twice = threading.Event()

        def read() -> None:
            for item in client:
                seen.append(item)
                if len(seen) == 2:
                    twice.set()

        reader = threading.Thread(target=read)
        reader.start()
        while client.status.state != "live":
            pass
        register(standalone, "A")
        httpx.patch(f"{standalone.url}/api/v1/drones/sn/A", json={"deviceName": "x"}).raise_for_status()
        assert twice.wait(20)
        drone = client.watch("A").value
        assert drone and drone.device_name == "x"
    reader.join(20)
    assert not reader.is_alive(), "closing ends the loop"


def test_the_example_runs(standalone: App, register: Register, tmp_path: Path) -> None:
    register(standalone, "A", streamIsOn=True, isUsingAiDetection=True, detectionClasses=[3])
    command = [sys.executable, str(EXAMPLE), "--url", standalone.url, "--sn", "A", "--folder", str(tmp_path / "spool")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert "looking for [3]" in process.stdout.readline()
        incidents: list[dict[str, object]] = []
        while not incidents:
            answer = httpx.get(f"{standalone.url}/api/v1/drones/sn/A/incidents")
            incidents = answer.json()["data"]["incidents"]
        assert incidents[0]["classId"] == 3
    finally:
        process.terminate()
        process.wait(20)


async def test_the_fake_relay_resumes() -> None:
    from dronecast import connect

    async with FakeRelay() as relay, connect(relay.url, timing=QUICK) as client:
        aiter(client)
        await relay.connected()
        await relay.put("A")
        assert (await asyncio.wait_for(anext(client), 10)).revision == 1  # type: ignore[union-attr]
        await relay.drop()
        await relay.put("A", streamIsOn=True)
        assert (await asyncio.wait_for(anext(client), 10)).revision == 2  # type: ignore[union-attr]
        assert relay.connections[-1]["since"] == ["fake.1-0"]


def test_what_ends_the_client_comes_out_of_the_loop() -> None:
    class Broken:
        def load(self) -> str | None:
            raise OSError("no such disk")

        def save(self, cursor: str) -> None: ...

    threads = threading.active_count()
    with pytest.raises(OSError, match="no such disk"):
        blocking.connect("http://127.0.0.1:1", cursor=Broken())
    assert threading.active_count() == threads

    async def refuse() -> None:
        async with SocketRelay() as relay:
            relay.refusals = [403]

            def read() -> None:
                with blocking.connect(relay.url, timing=QUICK) as client:
                    for _ in client:
                        pass

            with pytest.raises(RefusedError):
                await asyncio.to_thread(read)

    asyncio.run(refuse())
