"""A copy of one drone that is always right: read by REST, kept by events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from .api import Api
from .errors import ApiError, ConnectionFailed, DronecastError
from .models import Drone, DroneCreated, DroneDeleted, DroneDetail, DroneUpdated
from .timing import Range, jitter

StateEvent = DroneCreated | DroneUpdated | DroneDeleted


class Watch:
    """
    Revisions compare within one id only; whatever has another id is looked up, since the registry alone knows which of
    two lives is the later one.
    """

    def __init__(self, api: Api, serial_number: str, backoff: Range) -> None:
        self.serial_number = serial_number
        self._api = api
        self._backoff = backoff
        self._value: Drone | None = None
        self._life: tuple[str, int] | None = None
        self._dead: set[str] = set()
        self._is_known = False
        self._is_stale = False
        self._error: DronecastError | None = None
        self._reading: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()
        self._version = 0
        self.is_closed = False

    @property
    def value(self) -> Drone | None:
        """None while there is no such drone, and until `ready`."""
        return self._value

    async def ready(self) -> Drone | None:
        """The drone as soon as it is known. Raises ApiError when the API refuses."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._is_known or self._error is not None)
        if not self._is_known and self._error is not None:
            raise self._error
        return self._value

    async def changes(self) -> AsyncIterator[Drone | None]:
        """The drone as it is, and each time that it has changed; who reads slowly gets the latest alone."""
        await self.ready()
        seen = -1
        while not self.is_closed:
            if seen != self._version:
                seen = self._version
                yield self._value
                continue
            async with self._changed:
                await self._changed.wait_for(lambda seen=seen: self._version != seen or self.is_closed)  # type: ignore[misc]

    def close(self) -> None:
        self.is_closed = True
        if self._reading:
            self._reading.cancel()
        self._notify()

    def read(self) -> None:
        """The copy may have missed events."""
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
        failures = 0
        while self._is_stale and not self.is_closed:
            self._is_stale = False
            try:
                self._adopt(await self._get())
                failures = 0
            except (ApiError, ConnectionFailed) as error:
                if isinstance(error, ApiError) and not error.is_passing:
                    self._error = error
                    self._notify()
                    return
                self._is_stale = True
                await asyncio.sleep(jitter(self._backoff, failures))
                failures += 1

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
        self._notify()

    def _notify(self) -> None:
        self._version += 1
        asyncio.get_running_loop().create_task(self._wake())

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()
