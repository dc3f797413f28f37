"""One connection after the other, until the relay refuses or the client closes."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .errors import ConnectionFailed, UnreadableFrame
from .filter import Filter
from .timing import Timing, jitter
from .token import TokenSource
from .transports import BY_NAME, Attempt, Ending, Frame, TransportName, parse_frame
from .transports.base import Action, Say

#: Intervals without a sign of life after which a connection counts as dead.
_SILENT_INTERVALS = 2
#: A draining relay has so many seconds to close the connection after the time it gave.
_DRAIN_GRACE = 1
#: Times that what comes behind one cursor is asked for, when it can't be read.
_UNREADABLE_TRIES = 3

#: Why a client is offline. `unauthorized`: the relay refused the token, and the function is asked for another;
#: `no_token`: that function failed, or took too long; `unavailable`: the relay, or what is before it, asks to come later;
#: `unreachable`: no transport got through; `ended`: the connection ended or fell silent; `unreadable`: what came was no
#: frame; `failed`: something that should not happen, which `error` tells.
OfflineReason = Literal["unauthorized", "no_token", "unavailable", "unreachable", "ended", "unreadable", "failed"]

_REASONS: dict[Action, OfflineReason] = {
    "resume": "ended",
    "retry": "unavailable",
    "blocked": "unreachable",
    "unauthorized": "unauthorized",
    "unreadable": "unreadable",
    "no_token": "no_token",
    "failed": "failed",
}


@dataclass(frozen=True)
class Status:
    """How the connection stands. `offline`: it waits and tries again; `closed`: over, by close or by an error."""

    state: Literal["connecting", "resuming", "live", "offline", "closed"]
    transport: TransportName | None = None
    error: Exception | None = None
    #: Seconds.
    retry_in: float | None = None
    #: Why it is offline.
    reason: OfflineReason | None = None


@dataclass
class LinkOptions:
    url: str
    rungs: Sequence[TransportName]
    token: TokenSource
    timing: Timing
    filter: Callable[[], Filter]
    cursor: Callable[[], str | None]
    receive: Callable[[Frame], Awaitable[None]]
    report: Callable[[Status], None]
    #: What went wrong without ending the connection.
    warn: Callable[[Exception], None]
    #: What comes next can't be read, however often: go on in the present, and say that something was missed.
    skip: Callable[[Exception], None]


class _Silence:
    """Waits until there was no sign of life for so long."""

    def __init__(self, seconds: float) -> None:
        self._limit = seconds
        self._heard_at = time.monotonic()
        #: While a frame is dealt with, nobody listens.
        self.is_busy = False

    def heard(self) -> None:
        self._heard_at = time.monotonic()

    def set_limit(self, seconds: float) -> None:
        self._limit = seconds

    async def come(self) -> None:
        while True:
            left = self._heard_at + self._limit - time.monotonic()
            if left <= 0 and not self.is_busy:
                return
            await asyncio.sleep(min(max(left, 0.05), 0.5))


class Link:
    def __init__(self, options: LinkOptions) -> None:
        self._options = options
        self._rung = 0
        self._climb_tries = 0
        self._climbing: asyncio.Task[None] | None = None
        self._end: asyncio.Future[Ending] | None = None
        self._say: Say | None = None
        #: When something last came, in seconds since 1970; None before the first frame.
        self.heard_at: float | None = None
        self._unreadable_at: str | None = None
        self._unreadable_tries = 0

    async def run(self) -> Exception:
        """Returns why the relay refused."""
        options, timing = self._options, self._options.timing
        failures = 0
        try:
            while True:
                transport = options.rungs[self._rung]
                options.report(Status("connecting" if options.cursor() is None else "resuming", transport))
                end, lived = await self._attempt(transport)
                if end.action == "again":
                    continue
                error = end.error or ConnectionFailed("the connection ended")
                if end.action == "fatal":
                    return error
                # Without a function that gives another token, the next answer would be the same.
                if end.action == "unauthorized" and not options.token.can_renew:
                    return error
                if end.action == "unreadable":
                    self._skip(error)
                if end.action == "blocked" and lived == 0:
                    self._rung = (self._rung + 1) % len(options.rungs)
                    if self._rung > 0:
                        continue
                is_good = lived > timing.backoff.most or (lived > 0 and end.action == "resume")
                failures = 0 if is_good else failures + 1
                retry_in = end.retry_after + jitter(timing.backoff, failures)
                options.report(Status("offline", error=error, retry_in=retry_in, reason=_REASONS[end.action]))
                await asyncio.sleep(retry_in)
        finally:
            if self._climbing:
                self._climbing.cancel()

    async def say(self, action: dict[str, Any]) -> bool:
        """Says it in place; False where that is not possible."""
        if self._say is None:
            return False
        await self._say(action)
        return True

    def reconnect(self) -> None:
        self._finish(Ending("again"))

    def _finish(self, end: Ending) -> None:
        if self._end and not self._end.done():
            self._end.set_result(end)

    def _skip(self, error: Exception) -> None:
        cursor = self._options.cursor()
        self._unreadable_tries = self._unreadable_tries + 1 if cursor == self._unreadable_at else 1
        self._unreadable_at = cursor
        if self._unreadable_tries >= _UNREADABLE_TRIES and cursor is not None:
            self._unreadable_tries = 0
            self._options.skip(error)

    async def _attempt(self, transport: TransportName) -> tuple[Ending, float]:
        try:
            token = await self._options.token.read()
        except Exception as error:
            return Ending("no_token", error), 0
        try:
            return await self._connect(transport, token)
        except Exception as error:
            return Ending("failed", error), 0

    async def _connect(self, transport: TransportName, token: str | None) -> tuple[Ending, float]:
        """One connection, from its beginning to its end, and how many seconds it lived."""
        options, timing = self._options, self._options.timing
        silence = _Silence(timing.greeting)
        finish: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._end = finish
        helpers: list[asyncio.Task[None]] = []
        live_at: float | None = None

        async def drain(seconds: float) -> None:
            await asyncio.sleep(seconds)
            self._finish(Ending("resume", ConnectionFailed("the relay is restarting")))

        def hear() -> None:
            self.heard_at = time.time()
            silence.heard()

        async def receive(value: Any) -> None:
            hear()
            frame = parse_frame(value)
            if frame is None:
                return
            try:
                await take(frame)
            except Exception as error:
                raise UnreadableFrame(f"a frame cannot be dealt with: {error!r}") from error

        async def take(frame: Frame) -> None:
            nonlocal live_at
            silence.is_busy = True
            event = frame.get("event") if frame.get("type") == "relay" else None
            # A poll has no heartbeat: each of its answers is awaited for so long.
            if event == "relay.connected" and transport != "poll":
                heartbeat = float(frame["data"].get("heartbeatMs", 0)) / 1000
                silence.set_limit(_SILENT_INTERVALS * heartbeat if heartbeat > 0 else timing.greeting)
            elif event == "relay.draining":
                seconds = float(frame["data"].get("retryAfterMs", 0)) / 1000 + _DRAIN_GRACE
                helpers.append(asyncio.create_task(drain(seconds)))
            elif event == "relay.expiring":
                helpers.append(asyncio.create_task(self._renew()))
            await options.receive(frame)
            silence.is_busy = False
            silence.heard()
            if live_at is None:
                live_at = time.monotonic()
                if transport == "poll":
                    silence.set_limit(float("inf"))
                self._went_live(transport)

        def opened(say: Say) -> None:
            self._say = say

        attempt = Attempt(
            url=options.url,
            filter=options.filter(),
            since=options.cursor(),
            token=token,
            receive=receive,
            alive=hear,
            opened=opened,
            timeout=timing.greeting,
        )
        run = asyncio.ensure_future(BY_NAME[transport](attempt))
        silent = asyncio.create_task(silence.come())
        helpers.append(silent)
        try:
            waited: set[asyncio.Future[Any]] = {run, finish, silent}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if finish.done():
                end = finish.result()
            elif run.done():
                end = _outcome(run)
            elif live_at is None:
                end = Ending("blocked", ConnectionFailed("nothing came"))
            else:
                end = Ending("resume", ConnectionFailed("the relay fell silent"))
        finally:
            self._end = self._say = None
            for task in (run, *helpers):
                task.cancel()
            await asyncio.gather(run, *helpers, return_exceptions=True)
        return end, 0 if live_at is None else time.monotonic() - live_at

    async def _renew(self) -> None:
        """In place, where that is possible; else the connection ends with its token, and the next one has another."""
        if self._say is None:
            return
        try:
            token = await self._options.token.read()
            if token is not None and self._say is not None:
                await self._say({"action": "authenticate", "token": token})
        except Exception as error:
            self._options.warn(error)  # The next connection asks again.

    def _went_live(self, transport: TransportName) -> None:
        self._options.report(Status("live", transport))
        if self._rung == 0:
            self._climb_tries = 0
        elif self._climbing is None or self._climbing.done():
            self._climbing = asyncio.create_task(self._climb())

    async def _climb(self) -> None:
        """Tries the best transport beside the one in use. One that works is reason enough to reconnect."""
        options, timing = self._options, self._options.timing
        while self._rung > 0:
            await asyncio.sleep(timing.climb.at(self._climb_tries) * (0.5 + random.random() / 2))
            self._climb_tries += 1
            through = asyncio.Event()

            async def receive(_frame: Any, through: asyncio.Event = through) -> None:
                through.set()

            try:
                token = await options.token.read()
            except Exception:
                continue  # The connection in use will need one too, and says so.
            attempt = Attempt(
                options.url,
                options.filter(),
                None,
                token,
                receive,
                lambda: None,
                lambda _say: None,
                timing.greeting,
            )
            probe = asyncio.ensure_future(BY_NAME[options.rungs[0]](attempt))
            waiting = asyncio.ensure_future(through.wait())
            await asyncio.wait({probe, waiting}, timeout=timing.greeting, return_when=asyncio.FIRST_COMPLETED)
            for task in (probe, waiting):
                task.cancel()
            await asyncio.gather(probe, waiting, return_exceptions=True)
            if through.is_set():
                self._rung = 0
                self.reconnect()


def _outcome(run: asyncio.Future[Ending]) -> Ending:
    """Why a transport is over, also when it raised."""
    error = ConnectionFailed("the transport was cancelled") if run.cancelled() else run.exception()
    if error is None:
        return run.result()
    if isinstance(error, UnreadableFrame):
        return Ending("unreadable", error)
    return Ending("failed", error if isinstance(error, Exception) else ConnectionFailed(repr(error)))
