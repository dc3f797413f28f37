"""Incidents on their way to the API: on disk, so that neither an outage of the API nor a crash loses one."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .api import Api
from .errors import ApiError, ConnectionFailed, DronecastError, IncidentNotSent
from .models import IncidentReport
from .outside import Callbacks
from .timing import Range, jitter

log = logging.getLogger("dronecast")

#: Requests under way at the same time.
_CONCURRENCY = 8
#: Where what is not sent is set aside, and how many files may be there.
_REFUSED = "refused"
_MOST_REFUSED = 1000
#: Seconds after which a file that was never finished is nobody's.
_ABANDONED = 3600


@dataclass(eq=False)
class _Waiting:
    """An incident that is not sent yet."""

    key: str
    serial_number: str
    #: Bytes.
    size: int
    #: None when it is on disk.
    text: str | None = None


class IncidentBuffer:
    """
    One file for each incident; its name is its idempotency key, so that a retry never makes a second one. Each drone has a
    queue of its own, in order: what the API can't take of one holds up no other. Beyond `capacity` incidents, or
    `capacity_bytes`, the oldest gives way. What the API refuses for good is moved to the folder `refused`, which is bounded
    as well. Whatever is not sent is told by `on_error`, as an IncidentNotSent; by default it is logged.
    """

    def __init__(
        self,
        folder: Path,
        api: Api,
        *,
        capacity: int = 10_000,
        capacity_bytes: int = 64 * 1024 * 1024,
        backoff: Range | None = None,
        on_error: Callable[[Exception], Any] | None = None,
    ) -> None:
        self._folder = folder
        self._api = api
        self._capacity = capacity
        self._capacity_bytes = capacity_bytes
        self._backoff = backoff or Range(0.5, 30)
        self._callbacks = Callbacks(on_error)
        #: All that wait, the oldest first.
        self._waiting: dict[str, _Waiting] = {}
        self._bytes = 0
        self._queues: dict[str, deque[_Waiting]] = {}
        self._senders: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(_CONCURRENCY)
        self._is_sending = False
        self._last_time = 0
        #: What went wrong while it was loaded, perhaps in a thread that has no event loop to tell it in.
        self._untold: list[Exception] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._is_loaded = False
        self._load()
        self._is_loaded = True

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, serial_number: str, report: IncidentReport) -> str:
        """On disk when it returns, if the disk takes it; gives the idempotency key. For the event loop's thread."""
        return self.add_encoded(serial_number, encode_incident(serial_number, report))

    def add_encoded(self, serial_number: str, text: str) -> str:
        key = self._next_key()
        incident = _Waiting(key, serial_number, len(text))
        path = self._path(key)
        try:
            fresh = path.with_suffix(".new")
            fresh.write_text(text)
            fresh.replace(path)
        except OSError as error:
            incident.text = text
            self._tell(DronecastError(f"an incident of {serial_number} is kept in memory only: {error}"))
        self._enqueue(incident)
        self._make_room()
        return key

    async def send(self) -> None:
        """Sends what waits and what comes, each drone's oldest first, for ever."""
        self._is_sending = True
        for error in self._untold:
            self._callbacks.warn(error)
        self._untold.clear()
        for serial_number in list(self._queues):
            self._start(serial_number)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self._is_sending = False
            senders = list(self._senders.values())
            for sender in senders:
                sender.cancel()
            await asyncio.gather(*senders, return_exceptions=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"

    def _next_key(self) -> str:
        """Sorted as they were made, also when the clock goes back; unique whoever makes one."""
        self._last_time = max(time.time_ns(), self._last_time + 1)
        return f"{self._last_time:020d}-{uuid.uuid4().hex}"

    def _load(self) -> None:
        """What an earlier process left."""
        for path in self._folder.glob("*.new"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED:
                    path.unlink()
        for path in sorted(self._folder.glob("*.json")):
            key = path.stem
            with suppress(ValueError):
                self._last_time = max(self._last_time, int(key.partition("-")[0]))
            try:
                serial_number = _serial_number_of(path.read_text())
                self._enqueue(_Waiting(key, serial_number, path.stat().st_size))
            except (OSError, ValueError, RecursionError) as error:
                self._set_aside(_Waiting(key, "", 0), error)
        self._make_room()

    def _enqueue(self, incident: _Waiting) -> None:
        self._waiting[incident.key] = incident
        self._bytes += incident.size
        self._queues.setdefault(incident.serial_number, deque()).append(incident)
        if self._is_sending:
            self._start(incident.serial_number)

    def _remove(self, incident: _Waiting) -> None:
        if self._waiting.pop(incident.key, None) is None:
            return
        self._bytes -= incident.size
        queue = self._queues[incident.serial_number]
        queue.remove(incident)
        if not queue:
            del self._queues[incident.serial_number]

    def _make_room(self) -> None:
        while len(self._waiting) > self._capacity or (self._bytes > self._capacity_bytes and len(self._waiting) > 1):
            oldest = next(iter(self._waiting.values()))
            self._remove(oldest)
            with suppress(OSError):
                self._path(oldest.key).unlink(missing_ok=True)
            message = f"the buffer is full: the oldest incident, of {oldest.serial_number}, is dropped"
            self._tell(IncidentNotSent(message, oldest.serial_number, oldest.key))

    def _start(self, serial_number: str) -> None:
        if serial_number not in self._senders:
            self._senders[serial_number] = asyncio.create_task(self._send_of(serial_number))

    async def _send_of(self, serial_number: str) -> None:
        """All of one drone."""
        failures = 0
        try:
            while queue := self._queues.get(serial_number):
                incident = queue[0]
                try:
                    wait = await self._send(incident)
                except Exception as error:
                    # Nothing that is known: neither lost nor a reason to stop.
                    log.exception("an incident of %s is sent again: %s", serial_number, error)
                    wait = 0
                if wait is None:
                    failures = 0
                    continue
                await asyncio.sleep(wait + jitter(self._backoff, failures))
                failures += 1
        finally:
            del self._senders[serial_number]

    async def _send(self, incident: _Waiting) -> float | None:
        """None when it is done; else seconds to wait before the next try."""
        try:
            content = json.loads(incident.text or self._path(incident.key).read_text())
            report = IncidentReport.model_validate(content["report"])
            async with self._slots:
                await self._api.report(incident.serial_number, report, incident.key)
        except ConnectionFailed as error:
            log.warning("an incident of %s waits: %s", incident.serial_number, error)
            return 0
        except ApiError as error:
            # Another token, or other rights, are a matter of all incidents, not of this one.
            if error.is_passing or error.status in (401, 403):
                log.warning("an incident of %s waits: %s", incident.serial_number, error)
                return error.retry_after
            self._set_aside(incident, error)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            self._set_aside(incident, error)
        self._remove(incident)
        with suppress(OSError):
            self._path(incident.key).unlink(missing_ok=True)
        return None

    def _set_aside(self, incident: _Waiting, why: Exception) -> None:
        """Keeps what is not sent, with why, and says so."""
        path: Path | None = self._folder / _REFUSED / f"{incident.key}.json"
        try:
            text = incident.text if incident.text is not None else self._path(incident.key).read_text(errors="replace")
            assert path is not None
            path.parent.mkdir(exist_ok=True)
            path.write_text(_with_reason(text, why))
            self._path(incident.key).unlink(missing_ok=True)
            self._bound_refused(path.parent)
        except OSError as error:
            log.error("an incident of %s cannot be set aside: %s", incident.serial_number, error)
            path = None
        whose = f"an incident of {incident.serial_number}" if incident.serial_number else "an incident"
        refused = IncidentNotSent(f"{whose} is not sent: {why}", incident.serial_number or None, incident.key, path)
        refused.__cause__ = why
        self._tell(refused)

    def _tell(self, error: Exception) -> None:
        if self._is_loaded:
            self._callbacks.warn(error)
        else:
            self._untold.append(error)

    def _bound_refused(self, folder: Path) -> None:
        files = sorted(folder.glob("*.json"))
        sizes = [file.stat().st_size for file in files]
        total = sum(sizes)
        for left, (file, size) in zip(range(len(files), 1, -1), zip(files, sizes, strict=True), strict=False):
            if left <= _MOST_REFUSED and total <= self._capacity_bytes:
                return
            file.unlink(missing_ok=True)
            total -= size


def encode_incident(serial_number: str, report: IncidentReport) -> str:
    """As it waits on disk, in ASCII. Raises ValueError for what is no JSON."""
    body = report.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps({"serialNumber": serial_number, "report": body})


def _serial_number_of(text: str) -> str:
    content = json.loads(text)
    serial_number = content.get("serialNumber") if isinstance(content, dict) else None
    if not isinstance(serial_number, str) or not serial_number:
        raise ValueError("it has no serial number")
    return serial_number


def _with_reason(text: str, why: Exception) -> str:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = text
    return json.dumps({**(content if isinstance(content, dict) else {"text": text}), "refused": str(why)})
