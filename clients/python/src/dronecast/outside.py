"""What the user's own functions do, which may raise, block and never return."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

from .errors import ConnectionFailed

T = TypeVar("T")
log = logging.getLogger("dronecast")

#: Threads of one kind that may hang at the same time.
_MOST_HANGING = 4


def in_thread(work: Callable[[], T], name: str) -> asyncio.Future[T]:
    """Runs it in a thread of its own, which does not keep the process alive."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(set_it: Callable[[Any], None], value: Any) -> None:
        if not done.done():
            set_it(value)

    def run() -> None:
        try:
            outcome: tuple[Callable[[Any], None], Any] = (done.set_result, work())
        except Exception as error:
            outcome = (done.set_exception, error)
        except BaseException as error:  # sys.exit() in a thread ends that thread alone.
            outcome = (done.set_exception, RuntimeError(f"ended by {error!r}"))
        with suppress(RuntimeError):  # The loop may be gone.
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=run, daemon=True, name=name).start()
    return done


class Outside:
    """Calls functions of one kind, each in a thread of its own, and waits for so many seconds."""

    def __init__(self, what: str, seconds: float) -> None:
        self._what = what
        self._seconds = seconds
        self._hanging: set[asyncio.Future[Any]] = set()

    async def call(self, work: Callable[[], T]) -> T:
        """Raises what it raises, or ConnectionFailed when it takes too long."""
        if len(self._hanging) >= _MOST_HANGING:
            raise ConnectionFailed(f"{self._what} did not answer {_MOST_HANGING} times, and has not come back since")
        return await self.wait(in_thread(work, "dronecast"))

    async def wait(self, work: Awaitable[T]) -> T:
        """The same for what can be awaited."""
        future = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({future}, timeout=self._seconds)
        if done:
            return future.result()
        if isinstance(future, asyncio.Task):
            future.cancel()
        else:
            self._hanging.add(future)
            future.add_done_callback(self._came_back)
        raise ConnectionFailed(f"{self._what} did not answer within {self._seconds} s")

    def _came_back(self, future: asyncio.Future[Any]) -> None:
        self._hanging.discard(future)
        if not future.cancelled():
            future.exception()  # Nobody waits for it any more.


class Callbacks:
    """Calls what the user wants to be told by, which may be a coroutine function; nothing that it raises stops anybody."""

    def __init__(self, on_warning: Callable[[Exception], Any] | None) -> None:
        self._on_warning = on_warning
        self._tasks: set[asyncio.Future[Any]] = set()

    def tell(self, callback: Callable[[T], Any] | None, value: T) -> None:
        if callback is not None:
            self._call(callback, value, self.warn)

    def warn(self, error: Exception) -> None:
        """What went wrong without ending anything; logged where nobody takes it."""
        if self._on_warning is None:
            _log(error)
        else:
            self._call(self._on_warning, error, _log)

    def _call(self, callback: Callable[[T], Any], value: T, fail: Callable[[Exception], None]) -> None:
        try:
            result = callback(value)
        except Exception as error:
            return fail(error)
        if not inspect.isawaitable(result):
            return None

        def settle(task: asyncio.Future[Any]) -> None:
            self._tasks.discard(task)
            error = None if task.cancelled() else task.exception()
            if isinstance(error, Exception):
                fail(error)

        task = asyncio.ensure_future(result)
        self._tasks.add(task)
        task.add_done_callback(settle)
        return None


def _log(error: Exception) -> None:
    log.warning("%s", error, exc_info=None if isinstance(error, ConnectionFailed) else error)
