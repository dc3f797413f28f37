"""Follows a relay."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import ValidationError

from .api import Api
from .cursor import CursorStore
from .errors import ConnectionFailed, DronecastError
from .filter import Filter, parse_filter
from .link import Link, LinkOptions, Status
from .models import (
    EVENT_NAMES,
    DroneCreated,
    DroneDeleted,
    DroneUpdated,
    Event,
    ForeignEvent,
    Gap,
    GapData,
    Item,
    Kind,
    event_adapter,
)
from .outside import Callbacks, Outside
from .place import Place, is_cursor
from .timing import Timing, jitter
from .token import Token, TokenSource
from .transports import TRANSPORTS, Frame, TransportName
from .watch import Watch, WatchStatus

#: Items that a slow reader may leave waiting; then the connection waits with it.
_MAX_UNREAD = 10_000
_WATCHED = ("created", "updated", "deleted")
#: Reasons to be offline that need nobody's attention.
_PASSING = ("unavailable", "unreachable", "ended")


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
        on_status: Callable[[Status], Any] | None,
        on_warning: Callable[[Exception], Any] | None,
        timing: Timing,
    ) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"url: {url!r} must be an http:// or https:// URL")
        source = TokenSource(token, timing.callback)
        self.api = Api(api or url, source)
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
        #: Why the place was given up, until the relay gives another.
        self._lost: str | None = None
        self._callbacks = Callbacks(on_warning)
        self._outside = Outside("the cursor store", timing.callback)
        self._closing = asyncio.Event()
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._unsaved: str | None = None
        self._saving: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None
        self._has_been_live = False
        #: Of the ping that is on its way: False when its connection has ended before.
        self._answer: asyncio.Future[bool] | None = None
        self._link = Link(
            LinkOptions(
                url=url.rstrip("/"),
                rungs=TRANSPORTS if transport == "auto" else (transport,),
                token=source,
                timing=timing,
                filter=lambda: self._filter,
                cursor=lambda: self._place.cursor,
                receive=self._receive,
                report=self._report,
                warn=self._callbacks.warn,
                skip=self._lose,
            )
        )

    async def __aenter__(self) -> Client:
        if self._store:
            try:
                cursor = await self._outside.call(self._store.load)
            except BaseException:
                await self.api.close()
                raise
            if cursor is None or is_cursor(cursor):
                self._place.cursor = cursor
            else:
                self._lose(ValueError("the saved cursor is damaged"))
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Returns when the place is saved, or could not be for a last time."""
        self._closing.set()
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
        """Raises RefusedError when the relay will not have this client, and whatever else has ended it."""
        if self._running is None:
            raise RuntimeError("enter the client with `async with` before reading from it")
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

    @property
    def last_frame_at(self) -> float | None:
        """
        When the relay was last heard, in seconds since 1970: a frame of any kind, an answer to a ping, or a heartbeat that the
        transport shows. None before the first one.
        """
        return self._link.heard_at

    async def ping(self) -> float | None:
        """
        Asks the relay for a sign of life and returns the seconds that its answer took. None where nothing can be asked: by SSE
        or long-poll, and while the client is not live. At most one ping is on its way; a call meanwhile waits for the same
        answer.

        :raises ConnectionFailed: when there is no answer within 5 seconds, or the connection ends first.
        """
        start = time.monotonic()
        if self._answer is None:
            if self.status.state != "live":
                return None
            answer = self._answer = asyncio.get_running_loop().create_future()
            try:
                is_said = await self._link.say({"action": "ping"})
            except Exception as error:
                self._end_answer(False)
                raise ConnectionFailed(f"the ping cannot be sent: {error}") from error
            if not is_said:
                self._answer = None
                return None
        else:
            answer = self._answer
        try:
            is_answered = await asyncio.wait_for(asyncio.shield(answer), self._timing.ping)
        except asyncio.TimeoutError:
            raise ConnectionFailed(f"the relay did not answer the ping within {self._timing.ping} s") from None
        if not is_answered:
            raise ConnectionFailed("the connection ended before the relay answered the ping")
        return time.monotonic() - start

    def _end_answer(self, is_answered: bool) -> None:
        answer, self._answer = self._answer, None
        if answer and not answer.done():
            answer.set_result(is_answered)

    def watch(self, serial_number: str, on_status: Callable[[WatchStatus], Any] | None = None) -> Watch:
        """An always-right copy of a drone. Raises ValueError unless created, updated and deleted of it are followed."""
        if not self._filter.covers(serial_number, _WATCHED):
            raise ValueError(f"to watch {serial_number}, follow its kinds {', '.join(_WATCHED)}")
        watch = Watch(self.api, serial_number, self._timing.backoff, self._callbacks, on_status)
        self._watches.add(watch)
        if self._over is not None:
            watch.end(self._over if isinstance(self._over, Exception) else None)
        # Before that, it would miss what the relay does not send yet.
        elif self._has_been_live:
            watch.read()
        return watch

    async def _run(self) -> None:
        error: Exception | None = None
        try:
            error = await self._link.run()
        except asyncio.CancelledError:
            if not self._closing.is_set():
                error = ConnectionFailed("the client was cancelled")
            raise
        except Exception as unforeseen:
            error = unforeseen
        finally:
            self._end(error)

    def _end(self, error: Exception | None) -> None:
        self._over = error or True
        if error and not self._is_read and self._on_status is None:
            self._callbacks.warn(error)
        self._report(Status("closed", error=error))
        for watch in self._watches:
            watch.end(error)
        self._wake.set()

    def _report(self, status: Status) -> None:
        # Only who is told of it knows better.
        if status.error and status.state == "offline" and status.reason not in _PASSING and self._on_status is None:
            self._callbacks.warn(status.error)
        self.status = status
        if status.state != "live":
            self._end_answer(False)
        self._callbacks.tell(self._on_status, status)
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
        if name == "relay.pong":
            self._end_answer(True)
        if name == "relay.gap":
            self._miss(data["cursor"], str(data.get("reason", "")))
        elif name == "relay.error":
            self._callbacks.warn(DronecastError(f"{data.get('code')}: {data.get('message')}"))
        elif "cursor" in data and self._lost is not None:
            reason, self._lost = self._lost, None
            self._miss(data["cursor"], reason)
        elif "cursor" in data and not (name == "relay.connected" and self._place.cursor is not None):
            self._place.cursor = data["cursor"]
            if not self._unread and self._in_hand is None:
                self._save(data["cursor"])

    def _miss(self, cursor: str, reason: str) -> None:
        """Events may have been missed before this cursor."""
        self._place.cursor = cursor
        self._watches = {watch for watch in self._watches if not watch.is_closed}
        for watch in self._watches:
            watch.read()
        self._deliver(Gap(type="relay", event="relay.gap", data=GapData(cursor=cursor, reason=reason)))

    def _lose(self, error: Exception) -> None:
        """Goes on in the present."""
        self._callbacks.warn(error)
        self._place.cursor = None
        self._lost = str(error)

    def _deliver_event(self, frame: Frame) -> None:
        if frame.get("event") not in EVENT_NAMES:
            return  # A kind of event that is newer than this client.
        try:
            event: Event = event_adapter.validate_python(frame)
        except ValidationError as error:
            reason = f"the event {frame['id']} cannot be read"
            self._callbacks.warn(DronecastError(f"{reason}: {error}"))
            return self._miss(frame["id"], reason)
        if isinstance(event, DroneCreated | DroneUpdated | DroneDeleted):
            for watch in self._watches:
                watch.hear(event)
        return self._deliver(event)

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
        failures = 0
        while self._unsaved is not None:
            cursor, self._unsaved = self._unsaved, None
            try:
                await self._outside.call(partial(store.save, cursor))
                failures = 0
            except Exception as error:
                warning = DronecastError(f"the cursor cannot be saved: {error}")
                warning.__cause__ = error
                self._callbacks.warn(warning)
                self._unsaved = self._unsaved or cursor
                if self._closing.is_set():
                    return
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), jitter(self._timing.backoff, failures))
                failures += 1


def connect(
    url: str,
    *,
    token: Token | None = None,
    sn: str | Sequence[str] | None = None,
    events: Sequence[Kind] | None = None,
    transport: Literal["auto"] | TransportName = "auto",
    cursor: CursorStore | None = None,
    api: str | None = None,
    on_status: Callable[[Status], Any] | None = None,
    on_warning: Callable[[Exception], Any] | None = None,
    timing: Timing | None = None,
) -> Client:
    """
    Follows a relay: `async with connect("https://relay.example.com", sn="DRN-0042") as client: async for item in client`.

    :param url: of the relay.
    :param token: or a function that gives one, asked before each connection, and again after each 401. A token that stays
        as it is ends the client when the relay refuses it.
    :param sn: serial numbers and prefixes (`abc*`), at most 100; default: every drone.
    :param events: kinds; default: all, those of other publishers included.
    :param transport: `auto` takes the best that gets through.
    :param cursor: where the place outlives the process; default: it starts in the present. What its `load` raises comes out
        of `async with`; what its `save` raises is a warning, and is tried again.
    :param api: URL of the REST API, if it is another.
    :param on_status: called with each new status; like `on_warning`, it may be a coroutine function.
    :param on_warning: called with what went wrong without ending the client: a filter that was refused, a cursor that could
        not be saved, a callback that raised; and, without `on_status`, why it is over or can't go on. Default: it is logged.
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
        on_warning=on_warning,
        timing=timing or Timing(),
    )
