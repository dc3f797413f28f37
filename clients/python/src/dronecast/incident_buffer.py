"""Incidents on their way to the API: on disk, so that neither an outage of the API nor a crash loses one."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from pathlib import Path

from .api import Api
from .errors import ApiError, ConnectionFailed
from .models import IncidentReport
from .timing import Range, jitter

log = logging.getLogger("dronecast")


class IncidentBuffer:
    """
    One file for each incident; its name is its idempotency key, so that a retry never makes a second one. When there are
    `capacity` of them, the oldest gives way. What the API refuses for good is logged and dropped.
    """

    def __init__(self, folder: Path, api: Api, *, capacity: int = 10_000, backoff: Range | None = None) -> None:
        self._folder = folder
        self._api = api
        self._capacity = capacity
        self._backoff = backoff or Range(0.5, 30)
        self._wake = asyncio.Event()
        folder.mkdir(parents=True, exist_ok=True)
        self._waiting = sorted(path for path in folder.glob("*.json"))

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, serial_number: str, report: IncidentReport) -> str:
        """On disk when it returns; gives the idempotency key. To be called in the event loop's thread."""
        key = f"{time.time_ns():020d}-{uuid.uuid4().hex}"
        path = self._folder / f"{key}.json"
        body = report.model_dump(mode="json", by_alias=True, exclude_none=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"serialNumber": serial_number, "report": body}))
        fresh.replace(path)
        self._waiting.append(path)
        if len(self._waiting) > self._capacity:
            oldest = self._waiting.pop(0)
            oldest.unlink(missing_ok=True)
            log.warning("the buffer is full: the oldest incident is dropped")
        self._wake.set()
        return key

    async def send(self) -> None:
        """Sends what waits and what comes, the oldest first, for ever."""
        failures = 0
        while True:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
            path = self._waiting[0]
            try:
                content = json.loads(path.read_text())
                report = IncidentReport.model_validate(content["report"])
                await self._api.report(content["serialNumber"], report, path.stem)
            except (ApiError, ConnectionFailed) as error:
                if isinstance(error, ConnectionFailed) or error.is_passing or error.status == 401:
                    await asyncio.sleep(jitter(self._backoff, failures))
                    failures += 1
                    continue
                log.error("an incident of %s is refused: %s", content["serialNumber"], error)
            except (OSError, ValueError, KeyError) as error:
                log.error("an incident cannot be read: %s", error)
            failures = 0
            if self._waiting and self._waiting[0] == path:
                self._waiting.pop(0)
            path.unlink(missing_ok=True)
