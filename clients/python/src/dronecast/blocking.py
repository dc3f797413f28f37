"""The client for programs that have no event loop: one runs in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from types import TracebackType
from typing import Any, TypeVar

from .client import Client
from .client import connect as connect_async
from .link import Status
from .models import Drone, Item
from .watch import Watch, WatchStatus

T = TypeVar("T")


class BlockingWatch:
    def __init__(self, client: BlockingClient, watch: Watch) -> None:
        self._client = client
        self._watch = watch

    @property
    def value(self) -> Drone | None:
        """The drone as it is, as soon as that is known."""
        return self._client._wait(self._watch.ready())

    @property
    def status(self) -> WatchStatus:
        return self._watch.status


class BlockingClient:
    """Iterate over it in one thread; the rest may be called from any."""

    def __init__(self, **options: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="dronecast")
        self._thread.start()
        try:
            self._client: Client = self._wait(self._open(options))
        except BaseException:
            self._stop_loop()
            raise

    async def _open(self, options: dict[str, Any]) -> Client:
        client = connect_async(**options)
        aiter(client)  # From the first event on, whenever the reading begins.
        return await client.__aenter__()

    def _wait(self, work: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout)

    def __enter__(self) -> BlockingClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __iter__(self) -> Iterator[Item]:
        while True:
            try:
                item = self._wait(self._client.__anext__())
            except StopAsyncIteration:
                return
            yield item

    @property
    def status(self) -> Status:
        return self._client.status

    @property
    def last_frame_at(self) -> float | None:
        """Seconds since 1970."""
        return self._client.last_frame_at

    def ping(self) -> float | None:
        return self._wait(self._client.ping())

    def watch(self, serial_number: str) -> BlockingWatch:
        async def begin() -> Watch:
            return self._client.watch(serial_number)

        return BlockingWatch(self, self._wait(begin()))

    def close(self) -> None:
        """Ends an iteration in another thread too."""
        if self._thread.is_alive():
            self._wait(self._client.close())
            self._stop_loop()

    def _stop_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def connect(url: str, **options: Any) -> BlockingClient:
    """As :func:`dronecast.connect`, for a `with` block and a `for` loop."""
    return BlockingClient(url=url, **options)
