"""Runs detectors: each while its stream is on, started anew when what it has to look for changes."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .client import Client, connect
from .errors import ApiError, DronecastError
from .incident_buffer import IncidentBuffer, encode_incident
from .models import Drone, DroneCreated, DroneDetail, Gap, IncidentReport
from .outside import in_thread
from .timing import Range, Timing, jitter
from .token import Token
from .watch import Watch

log = logging.getLogger("dronecast")

#: Seconds that a detector has to stop; one in a thread cannot be forced to.
_STOP_GRACE = 10


class Session:
    """What a detector works with, from its start to its stop. Every method may be called from any thread."""

    def __init__(self, drone: DroneDetail, api: Any, buffer: IncidentBuffer, loop: asyncio.AbstractEventLoop) -> None:
        #: The device with its stream's credentials, as it was at the start; a change of what matters is another session.
        self.drone = drone
        #: Set when the detector has to return: for those who run in a thread.
        self.stopping = threading.Event()
        self._api = api
        self._buffer = buffer
        self._loop = loop

    @property
    def serial_number(self) -> str:
        return self.drone.device_serial_number

    def report(self, report: IncidentReport) -> None:
        """
        Posts an incident, now or as soon as the API is there. It is on disk, or on its way there, when this returns. Raises
        ValueError for what is no JSON, such as a `confidence` that is not a number.
        """
        text = encode_incident(self.serial_number, report)
        self._loop.call_soon_threadsafe(self._buffer.add_encoded, self.serial_number, text)

    def publish_web_rtc_url(self, url: str) -> None:
        """Writes the drone's `webRTCUrl`, trying until it works or the session ends."""
        asyncio.run_coroutine_threadsafe(self._write({"webRTCUrl": url}), self._loop)

    async def _write(self, patch: dict[str, Any]) -> None:
        failures = 0
        while not self.stopping.is_set():
            try:
                await self._api.patch(self.serial_number, patch)
                return
            except Exception as error:
                log.error("%s: %s is not written: %s", self.serial_number, ", ".join(patch), error)
                if isinstance(error, ApiError) and not error.is_passing and error.status not in (401, 403):
                    return
                wait = error.retry_after if isinstance(error, ApiError) else 0
                await asyncio.sleep(wait + jitter(Range(0.5, 30), failures))
                failures += 1


#: A coroutine function, which is cancelled to stop it; or a plain one, which runs in a thread and returns soon after
#: `session.stopping` is set.
Detector = Callable[[Session], Awaitable[None] | None]


@dataclass(frozen=True)
class _Job:
    """What a detector is started for; another one is another start."""

    drone_id: str
    stream_url: str
    is_using_ai_detection: bool
    detection_classes: tuple[int, ...]

    @classmethod
    def of(cls, drone: Drone | None) -> _Job | None:
        if drone is None or not drone.stream_is_on:
            return None
        return cls(drone.id, drone.stream_url, drone.is_using_ai_detection, tuple(drone.detection_classes))


class DetectorSupervisor:
    """
    Follows one drone, or all that a token owns, and runs `detect` for each whose stream is on. A detector that returns or
    raises while its stream is on is started again, after a wait that grows with each failure.
    """

    def __init__(
        self,
        url: str,
        detect: Detector,
        *,
        sn: str | None = None,
        token: Token | None = None,
        api: str | None = None,
        folder: str | Path = "dronecast-incidents",
        on_error: Callable[[Exception], Any] | None = None,
        timing: Timing | None = None,
    ) -> None:
        """
        :param url: of the relay, and of the API unless `api` names another.
        :param sn: the drone to follow; default: all.
        :param folder: where incidents wait for the API; what it refuses for good is kept in its folder `refused`.
        :param on_error: called with an IncidentNotSent for each of those, and with each warning of the client. Default: they
            are logged.
        """
        self._detect = detect
        self._url = url
        self._sn = sn
        self._token = token
        self._api = api
        self._timing = timing or Timing()
        self._folder = Path(folder)
        self._on_error = on_error
        self._keepers: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until it is cancelled. Raises RefusedError when the relay will not have it."""
        client = connect(
            self._url,
            sn=self._sn,
            events=["created", "updated", "deleted"],
            token=self._token,
            api=self._api,
            on_warning=self._on_error,
            timing=self._timing,
        )
        async with client:
            # Which reads what an earlier process left.
            buffer = await asyncio.to_thread(
                IncidentBuffer, self._folder, client.api, backoff=self._timing.backoff, on_error=self._on_error
            )
            sending = self._begin("the sending of incidents", buffer.send)
            finding = self._begin("the search for drones", lambda: self._find(client, buffer))
            try:
                async for item in client:
                    if isinstance(item, DroneCreated):
                        self._keep(client, buffer, item.serial_number)
                    elif isinstance(item, Gap):
                        # A list that is being read may have passed what was registered since.
                        await _stop(finding)
                        finding = self._begin("the search for drones", lambda: self._find(client, buffer))
            finally:
                tasks = [sending, finding, *self._keepers.values()]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                self._keepers.clear()

    def run_blocking(self) -> None:
        """Until the process is interrupted: for programs that have no event loop."""
        with suppress(KeyboardInterrupt):
            asyncio.run(self.run())

    def _begin(self, what: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """A task that ends when it is done or cancelled, and for no other reason."""

        async def run() -> None:
            failures = 0
            while True:
                try:
                    return await work()
                except Exception:
                    log.exception("%s has failed, and begins anew", what)
                await asyncio.sleep(jitter(self._timing.backoff, failures))
                failures += 1

        return asyncio.create_task(run())

    async def _find(self, client: Client, buffer: IncidentBuffer) -> None:
        """Looks up which drones there are."""
        if self._sn is not None:
            return self._keep(client, buffer, self._sn)
        failures = 0
        while True:
            try:
                async for drone in client.api.drones():
                    self._keep(client, buffer, drone.device_serial_number)
                return
            except DronecastError as error:
                log.warning("the drones cannot be listed: %s", error)
                wait = error.retry_after if isinstance(error, ApiError) else 0
                await asyncio.sleep(wait + jitter(self._timing.backoff, failures))
                failures += 1

    def _keep(self, client: Client, buffer: IncidentBuffer, serial_number: str) -> None:
        if serial_number not in self._keepers:
            watch = client.watch(serial_number)
            keeper = self._begin(f"the keeping of {serial_number}", lambda: self._supervise(client, buffer, watch))
            self._keepers[serial_number] = keeper

    async def _supervise(self, client: Client, buffer: IncidentBuffer, watch: Watch) -> None:
        """Has the right detector running for one drone at any time."""
        running: asyncio.Task[None] | None = None
        job: _Job | None = None
        try:
            async for drone in watch.changes():
                wanted = _Job.of(drone)
                if wanted == job:
                    continue
                await _stop(running)
                job = wanted
                running = asyncio.create_task(self._work(client, buffer, watch)) if wanted else None
        except DronecastError:
            pass  # The client has ended, and says so where it is read.
        finally:
            await _stop(running)

    async def _work(self, client: Client, buffer: IncidentBuffer, watch: Watch) -> None:
        failures = 0
        while True:
            try:
                drone = await client.api.drone(watch.serial_number)
                session = Session(drone, client.api, buffer, asyncio.get_running_loop())
                await self._run_detector(session)
                failures = 0
                log.warning("the detector of %s has returned while its stream is on", watch.serial_number)
            except DronecastError as error:
                log.warning("%s: %s", watch.serial_number, error)
            except Exception:
                log.exception("the detector of %s has failed", watch.serial_number)
            await asyncio.sleep(jitter(self._timing.backoff, failures))
            failures += 1

    async def _run_detector(self, session: Session) -> None:
        try:
            if inspect.iscoroutinefunction(self._detect):
                await self._detect(session)
            else:
                await _in_thread(lambda: self._detect(session), session.stopping)
        finally:
            session.stopping.set()


async def _in_thread(work: Callable[[], Any], stopping: threading.Event) -> None:
    """Runs it in a thread of its own, since there may be as many as drones. Cancelled, it asks and waits for the end."""
    done = in_thread(work, "dronecast-detector")
    try:
        await asyncio.shield(done)
    except asyncio.CancelledError:
        stopping.set()
        ended, _ = await asyncio.wait({done}, timeout=_STOP_GRACE)
        if not ended:
            log.error("a detector does not stop")
        elif not done.cancelled():
            done.exception()  # What it raised on its way out is nobody's.
        raise


async def _stop(task: asyncio.Task[None] | None) -> None:
    if task:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
