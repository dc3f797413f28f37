"""One connection after the other, until the relay refuses or the client closes."""

from __future__ import annotations

import asyncio
import inspect
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .errors import ConnectionFailed
from .filter import Filter
from .timing import Timing, jitter
from .transports import BY_NAME, Attempt, Ending, Frame, TransportName
from .transports.base import Say

#: Intervals without a sign of life after which a connection counts as dead.
_SILENT_INTERVALS = 2
#: A draining relay has so many seconds to close the connection after the time it gave.
_DRAIN_GRACE = 1

Token = str | Callable[[], str | Awaitable[str]]


@dataclass(frozen=True)
class Status:
    """How the connection stands. `offline`: it waits and tries again; `closed`: over, by close or by an error."""

    state: Literal["connecting", "resuming", "live", "offline", "closed"]
    transport: TransportName | None = None
    error: Exception | None = None
    #: Seconds.
    retry_in: float | None = None


@dataclass
class LinkOptions:
    url: str
    rungs: Sequence[TransportName]
    token: Token | None
    timing: Timing
    filter: Callable[[], Filter]
    cursor: Callable[[], str | None]
    receive: Callable[[Frame], Awaitable[None]]
    report: Callable[[Status], None]


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

    async def run(self) -> Exception:
        """Returns why the relay refused."""
        options, timing = self._options, self._options.timing
        failures = 0
        is_token_doubted = False
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
                if end.action == "unauthorized" and (is_token_doubted or options.token is None):
                    return error
                is_token_doubted = end.action == "unauthorized"
                if end.action == "blocked" and lived == 0:
                    self._rung = (self._rung + 1) % len(options.rungs)
                    if self._rung > 0:
                        continue
                is_good = lived > timing.backoff.most or (lived > 0 and end.action == "resume")
                failures = 0 if is_good else failures + 1
                retry_in = end.retry_after + jitter(timing.backoff, failures)
                options.report(Status("offline", error=error, retry_in=retry_in))
                await asyncio.sleep(retry_in)
        finally:
            if self._climbing:
                self._climbing.cancel()

    def reconnect(self) -> None:
        self._finish(Ending("again"))

    def _finish(self, end: Ending) -> None:
        if self._end and not self._end.done():
            self._end.set_result(end)

    async def _token(self) -> str | None:
        token = self._options.token
        if token is None or isinstance(token, str):
            return token
        answer = token()
        return await answer if inspect.isawaitable(answer) else answer

    async def _attempt(self, transport: TransportName) -> tuple[Ending, float]:
        try:
            token = await self._token()
        except Exception as error:
            return Ending("retry", error), 0
        return await self._connect(transport, token)

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

        async def receive(frame: Frame) -> None:
            nonlocal live_at
            silence.is_busy = True
            event = frame.get("event") if frame.get("type") == "relay" else None
            # A poll has no heartbeat: each of its answers is awaited for so long.
            if event == "relay.connected" and transport != "poll":
                silence.set_limit(_SILENT_INTERVALS * frame["data"]["heartbeatMs"] / 1000)
            elif event == "relay.draining":
                seconds = frame["data"]["retryAfterMs"] / 1000 + _DRAIN_GRACE
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
            alive=silence.heard,
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
                end = run.result()
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
            token = await self._token()
        except Exception:
            return  # No token now: the next connection asks again.
        if token is not None and self._say is not None:
            await self._say({"action": "authenticate", "token": token})

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

            async def receive(_frame: Frame, through: asyncio.Event = through) -> None:
                through.set()

            try:
                token = await self._token()
            except Exception:
                continue
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
