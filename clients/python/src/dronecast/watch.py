"""A copy of one drone that is always right: read by REST, kept by events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Literal

from .api import Api
from .errors import ApiError, ConnectionFailed
from .models import Drone, DroneCreated, DroneDeleted, DroneDetail, DroneUpdated
from .outside import Callbacks
from .timing import Range, jitter

StateEvent = DroneCreated | DroneUpdated | DroneDeleted


@dataclass(frozen=True)
class WatchStatus:
    """
    How a copy stands. `reading`: the API is being asked; `fresh`: the value is right, as of the latest event that has come;
    `stale`: the API could not be asked, the value is what was right last, and it is tried again; `closed`: over.
    """

    state: Literal["reading", "fresh", "stale", "closed"]
    error: Exception | None = None
    #: Seconds.
    retry_in: float | None = None


class Watch:
    """
    Revisions compare within one id only; whatever has another id is looked up, since the registry alone knows which of
    two lives is the later one.
    """

    def __init__(
        self,
        api: Api,
        serial_number: str,
        backoff: Range,
        callbacks: Callbacks,
        on_status: Callable[[WatchStatus], Any] | None = None,
    ) -> None:
        self.serial_number = serial_number
        self.status = WatchStatus("reading")
        self._api = api
        self._backoff = backoff
        self._callbacks = callbacks
        self._on_status = on_status
        self._value: Drone | None = None
        self._life: tuple[str, int] | None = None
        self._dead: set[str] = set()
        self._is_known = False
        self._is_stale = False
        #: Why the API has refused, until it does not.
        self._refusal: ApiError | None = None
        self._reading: asyncio.Task[None] | None = None
        self._version = 0
        self._changed = asyncio.Event()

    @property
    def is_closed(self) -> bool:
        return self.status.state == "closed"

    @property
    def value(self) -> Drone | None:
        """None while there is no such drone, and until `ready`."""
        return self._value

    async def ready(self) -> Drone | None:
        """
        The drone as soon as it is known. Raises ApiError when the API refuses, which is tried again all the same, and what
        has ended the client.
        """
        while not self._is_known:
            if self._refusal is not None:
                raise self._refusal
            if self.is_closed:
                raise self.status.error or ConnectionFailed(f"the watch of {self.serial_number} is closed")
            await self._changed.wait()
        return self._value

    async def changes(self) -> AsyncIterator[Drone | None]:
        """
        The drone as soon as it is known, and each time that it has changed; who reads slowly gets the latest alone. Raises
        what has ended the client.
        """
        seen = 0
        while not self.is_closed:
            if seen != self._version:
                seen = self._version
                yield self._value
                continue
            await self._changed.wait()
        if self.status.error is not None:
            raise self.status.error

    def close(self) -> None:
        self.end(None)

    def end(self, error: Exception | None) -> None:
        """With what has ended the client."""
        if self.is_closed:
            return
        if self._reading:
            self._reading.cancel()
        self._report(WatchStatus("closed", error))

    def read(self) -> None:
        """The copy may have missed events."""
        if self.is_closed:
            return
        self._is_stale = True
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_until_right())

    def hear(self, event: StateEvent) -> None:
        drone_id = event.data.drone_id
        if event.serial_number != self.serial_number or drone_id in self._dead:
            return
        if self._life is None or drone_id != self._life[0]:
            self.read()
        elif event.revision > self._life[1]:
            self._set(None if isinstance(event, DroneDeleted) else event.data.full)

    async def _read_until_right(self) -> None:
        self._report(WatchStatus("reading"))
        failures = 0
        while self._is_stale:
            self._is_stale = False
            try:
                self._adopt(await self._get())
                failures = 0
            except Exception as error:
                self._is_stale = True
                await asyncio.sleep(self._fail(error, failures))
                failures += 1
        self._report(WatchStatus("fresh"))

    def _fail(self, error: Exception, failures: int) -> float:
        """Seconds until the next try. A copy that is wanted for long outlives a refusal: rights and tokens change."""
        retry_in = jitter(self._backoff, failures)
        if isinstance(error, ApiError):
            retry_in += error.retry_after
            is_another_token_due = error.status == 401 and self._api.can_renew_token
            if not error.is_passing and not is_another_token_due:
                self._refusal = error
        self._callbacks.warn(error)
        self._report(WatchStatus("stale", error, retry_in))
        return retry_in

    async def _get(self) -> Drone | None:
        try:
            detail: DroneDetail = await self._api.drone(self.serial_number)
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        return Drone.model_validate(detail.model_dump(exclude={"stream_credentials"}))

    def _adopt(self, drone: Drone | None) -> None:
        """What REST says is at least as new as all that was known when it was asked."""
        self._refusal = None
        if drone is not None and drone.id in self._dead:
            return
        if drone is not None and self._life and self._life[0] == drone.id and drone.revision <= self._life[1]:
            return
        self._set(drone)

    def _set(self, drone: Drone | None) -> None:
        if self._life and (drone is None or drone.id != self._life[0]):
            self._dead.add(self._life[0])
        self._life = None if drone is None else (drone.id, drone.revision)
        self._value = drone
        self._is_known = True
        self._version += 1
        self._wake()

    def _report(self, status: WatchStatus) -> None:
        if self.is_closed:
            return
        self.status = status
        self._callbacks.tell(self._on_status, status)
        self._wake()

    def _wake(self) -> None:
        """Everybody who waits looks again."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
