"""Follows a relay."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Literal
from urllib.parse import urlsplit

from pydantic import ValidationError

from .api import Api
from .cursor import CursorStore
from .filter import Filter, parse_filter
from .link import Link, LinkOptions, Status, Token
from .models import DroneCreated, DroneDeleted, DroneUpdated, ForeignEvent, Gap, Item, Kind, event_adapter
from .place import Place
from .timing import Timing
from .transports import TRANSPORTS, Frame, TransportName
from .watch import Watch

#: Items that a slow reader may leave waiting; then the connection waits with it.
_MAX_UNREAD = 10_000
_WATCHED = ("created", "updated", "deleted")


class Client:
    """
    Iterate over it for events and gaps in their order. Leaving the `async with` block ends it. An item counts as dealt
    with when the next one is asked for; only then its place is saved.
    """

    def __init__(
        self,
        url: str,
        *,
        api: str | None,
        token: Token | None,
        filter: Filter,
        transport: Literal["auto"] | TransportName,
        cursor: CursorStore | None,
        on_status: Callable[[Status], None] | None,
        timing: Timing,
    ) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"url: {url!r} must be an http:// or https:// URL")
        self.api = Api(api or url, token)
        self.status = Status("connecting")
        self._filter = filter
        self._store = cursor
        self._on_status = on_status
        self._timing = timing
        self._place = Place()
        self._watches: set[Watch] = set()
        self._unread: deque[tuple[Item, str | None]] = deque()
        self._in_hand: str | None = None
        self._is_read = False
        self._over: Exception | Literal[True] | None = None
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._unsaved: str | None = None
        self._saving: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None
        self._has_been_live = False
        self._link = Link(
            LinkOptions(
                url=url.rstrip("/"),
                rungs=TRANSPORTS if transport == "auto" else (transport,),
                token=token,
                timing=timing,
                filter=lambda: self._filter,
                cursor=lambda: self._place.cursor,
                receive=self._receive,
                report=self._report,
            )
        )

    async def __aenter__(self) -> Client:
        if self._store:
            self._place.cursor = await asyncio.to_thread(self._store.load)
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Returns when the place is saved."""
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        if self._saving:
            await self._saving
        await self.api.close()

    def __aiter__(self) -> Client:
        self._is_read = True
        return self

    async def __anext__(self) -> Item:
        """Raises RefusedError when the relay will not have this client."""
        self._finish()
        while not self._unread:
            if self._over is not None:
                if isinstance(self._over, Exception):
                    raise self._over
                raise StopAsyncIteration
            self._wake.clear()
            await self._wake.wait()
        item, self._in_hand = self._unread.popleft()
        if len(self._unread) < _MAX_UNREAD:
            self._room.set()
        return item

    def follow(self, sn: str | Sequence[str] | None = None, events: Sequence[Kind] | None = None) -> None:
        """Follows something else from here on, by a new connection. Raises ValueError on what the relay would refuse."""
        self._filter = parse_filter(sn, events)
        self._link.reconnect()

    def watch(self, serial_number: str) -> Watch:
        """An always-right copy of a drone. Raises ValueError unless created, updated and deleted of it are followed."""
        if not self._filter.covers(serial_number, _WATCHED):
            raise ValueError(f"to watch {serial_number}, follow its kinds {', '.join(_WATCHED)}")
        watch = Watch(self.api, serial_number, self._timing.backoff)
        self._watches.add(watch)
        # Before that, it would miss what the relay does not send yet.
        if self._has_been_live:
            watch.read()
        return watch

    async def _run(self) -> None:
        error: Exception | None = None
        try:
            error = await self._link.run()
        finally:
            self._over = error or True
            self._report(Status("closed", error=error))
            for watch in self._watches:
                watch.close()
            self._wake.set()

    def _report(self, status: Status) -> None:
        self.status = status
        if self._on_status:
            self._on_status(status)
        if status.state == "live" and not self._has_been_live:
            self._has_been_live = True
            for watch in self._watches:
                watch.read()

    async def _receive(self, frame: Frame) -> None:
        if self._is_read:
            await self._room.wait()
        # From here on nothing waits: who is cut off has taken a frame as a whole, or not at all.
        if frame.get("type") == "relay":
            self._hear(frame)
        elif "id" in frame:
            if self._place.advance(frame["id"]):
                self._deliver_event(frame)
        elif frame.get("foreign") is True:
            self._deliver(ForeignEvent.model_validate(frame))

    def _hear(self, frame: Frame) -> None:
        name, data = frame["event"], frame["data"]
        if name == "relay.gap":
            self._place.cursor = data["cursor"]
            self._watches = {watch for watch in self._watches if not watch.is_closed}
            for watch in self._watches:
                watch.read()
            self._deliver(Gap.model_validate(frame))
        elif "cursor" in data and not (name == "relay.connected" and self._place.cursor is not None):
            self._place.cursor = data["cursor"]
            if not self._unread and self._in_hand is None:
                self._save(data["cursor"])

    def _deliver_event(self, frame: Frame) -> None:
        try:
            event = event_adapter.validate_python(frame)
        except ValidationError:
            return  # A kind of event that is newer than this client.
        if isinstance(event, DroneCreated | DroneUpdated | DroneDeleted):
            for watch in self._watches:
                watch.hear(event)
        self._deliver(event)

    def _deliver(self, item: Item) -> None:
        if not self._is_read:
            return
        self._unread.append((item, self._place.cursor))
        if len(self._unread) >= _MAX_UNREAD:
            self._room.clear()
        self._wake.set()

    def _finish(self) -> None:
        if self._in_hand is not None:
            self._save(self._in_hand)
            self._in_hand = None

    def _save(self, cursor: str) -> None:
        if self._store is None:
            return
        self._unsaved = cursor
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._save_all(self._store))

    async def _save_all(self, store: CursorStore) -> None:
        while self._unsaved is not None:
            cursor, self._unsaved = self._unsaved, None
            await asyncio.to_thread(store.save, cursor)


def connect(
    url: str,
    *,
    token: Token | None = None,
    sn: str | Sequence[str] | None = None,
    events: Sequence[Kind] | None = None,
    transport: Literal["auto"] | TransportName = "auto",
    cursor: CursorStore | None = None,
    api: str | None = None,
    on_status: Callable[[Status], None] | None = None,
    timing: Timing | None = None,
) -> Client:
    """
    Follows a relay: `async with connect("https://relay.example.com", sn="DRN-0042") as client: async for item in client`.

    :param url: of the relay.
    :param token: or a function that gives one, asked before each connection.
    :param sn: serial numbers and prefixes (`abc*`), at most 100; default: every drone.
    :param events: kinds; default: all, those of other publishers included.
    :param transport: `auto` takes the best that gets through.
    :param cursor: where the place outlives the process; default: it starts in the present.
    :param api: URL of the REST API, if it is another.
    :raises ValueError: on what the relay would refuse.
    """
    return Client(
        url,
        api=api,
        token=token,
        filter=parse_filter(sn, events),
        transport=transport,
        cursor=cursor,
        on_status=on_status,
        timing=timing or Timing(),
    )
