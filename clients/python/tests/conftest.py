"""Real servers: the built apps, Redis, a MongoDB-compatible server. What is missing is skipped, unless `CI=true`."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from dronecast import Status, Timing
from dronecast.timing import Range

REPO = Path(__file__).resolve().parents[3]
LISTENING = re.compile(r"Server listening at (http://[^\s\"]+)")
#: In which a test sees what takes minutes otherwise.
QUICK = Timing(backoff=Range(0.02, 0.2), greeting=5, climb=Range(0.1, 0.2))


async def eventually(is_reached: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Waits for a state that nothing announces."""
    deadline = time.monotonic() + seconds
    while not await is_reached():
        assert time.monotonic() < deadline, "not reached"
        await asyncio.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require(command: str) -> str:
    path = shutil.which(command)
    if path:
        return path
    if os.environ.get("CI") == "true":
        pytest.fail(f"{command} is required")
    pytest.skip(f"{command} is not installed")


@dataclass
class App:
    """A built process of ours, which can be killed and started again on the same port."""

    name: str
    env: dict[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> App:
        script = REPO / "apps" / self.name / "dist" / "server.js"
        env = {"PATH": os.environ["PATH"], "HOST": "127.0.0.1", "PORT": str(self.port), **self.env}
        self.process = subprocess.Popen(
            [require("node"), str(script)], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout
        lines = iter(self.process.stdout.readline, "")
        output = []
        for line in lines:
            output.append(line)
            if LISTENING.search(line):
                break
        else:
            raise RuntimeError(f"{self.name} did not start\n{''.join(output)}")
        threading.Thread(target=lambda: [None for _ in lines], daemon=True).start()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if httpx.get(f"{self.url}/health/ready").status_code == 200:
                return self
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} is not ready")

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(20)


@pytest.fixture
def timing() -> Timing:
    return QUICK


@pytest.fixture
def standalone(tmp_path: Path) -> Iterator[App]:
    app = App("standalone", {"DATA_DIR": str(tmp_path / "data")}).start()
    yield app
    app.stop()


@dataclass
class System:
    api: App
    relay: App
    redis_port: int


@contextmanager
def running_system(env: dict[str, str]) -> Iterator[System]:
    """API and relay as an operator runs them."""
    folder = tempfile.mkdtemp(prefix="dronecast-")
    redis, mongo = free_port(), free_port()
    commands = [
        [require("redis-server"), "--port", str(redis), "--save", "", "--appendonly", "no", "--dir", folder],
        [require(os.environ.get("MONGO_TEST_SERVER", "secantusd-py")), "--port", str(mongo), "--storage-path", folder],
    ]
    servers = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for command in commands]
    urls = {"REDIS_URL": f"redis://127.0.0.1:{redis}", "MONGODB_URL": f"mongodb://127.0.0.1:{mongo}/dronecast"}
    apps: list[App] = []
    try:
        for name in ("api", "relay"):
            apps.append(App(name, {**urls, **env}))
            apps[-1].start()
        yield System(*apps, redis_port=redis)
    finally:
        for app in apps:
            app.stop()
        for server in servers:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def system() -> Iterator[System]:
    with running_system({}) as system:
        yield system


class States:
    """How a client stood, in order."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Status] = asyncio.Queue()

    def __call__(self, status: Status) -> None:
        self._queue.put_nowait(status)

    async def reached(self, state: str) -> Status:
        while True:
            status = await asyncio.wait_for(self._queue.get(), 20)
            if status.state == state:
                return status


Register = Callable[..., None]


@pytest.fixture
def register() -> Register:
    def run(app: App, serial_number: str, **fields: object) -> None:
        body = {"deviceSerialNumber": serial_number, "deviceName": serial_number, "deviceCategory": "DRONE", **fields}
        httpx.post(f"{app.url}/api/v1/drones/register", json=body).raise_for_status()

    return run
