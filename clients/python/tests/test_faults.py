"""Whatever goes wrong, a client says so and goes on."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import QUICK, States
from http_relay import HttpRelay
from socket_relay import SocketRelay

from dronecast import ConnectionFailed, FileCursor, Gap, RefusedError, connect
from dronecast.testing import FakeRelay, make_drone
from dronecast.transports import SseParser

SECONDS = 20
TRANSPORTS = ["ws", "sse", "poll"]


def relay_of(transport: str) -> Any:
    return SocketRelay() if transport == "ws" else HttpRelay()


def event(number: int, **drone: Any) -> str:
    full = make_drone("A", revision=number, **drone)
    data = {"serialNumber": "A", "droneId": full["id"], "full": full, "changes": {}, "previous": {}}
    head = {"id": f"e.{number}-0", "type": "drone:event", "event": "drone.updated", "channel": "drone:A:updated"}
    frame = {**head, "serialNumber": "A", "revision": number, "timestamp": "2026-01-01T00:00:00.000Z", "data": data}
    return json.dumps(frame, separators=(",", ":"))


class Warnings:
    def __init__(self) -> None:
        self.queue: asyncio.Queue[Exception] = asyncio.Queue()

    def __call__(self, error: Exception) -> None:
        self.queue.put_nowait(error)

    async def next(self) -> Exception:
        return await asyncio.wait_for(self.queue.get(), SECONDS)


async def one(client: Any) -> Any:
    return await asyncio.wait_for(anext(client), SECONDS)


class Store:
    """One that goes on after a cursor, and fails to save as often as it is told to."""

    def __init__(self, cursor: str | None = None, fails: int = 0) -> None:
        self.cursor = cursor
        self.fails = fails
        self.saved: list[str] = []

    def load(self) -> str | None:
        return self.cursor

    def save(self, cursor: str) -> None:
        if self.fails > 0:
            self.fails -= 1
            raise OSError("no space left")
        self.saved.append(cursor)


DEEP = '{"a":' * 20_000 + "1" + "}" * 20_000


@pytest.mark.parametrize("bad", ['{"type":', "null", "42", '"text"', "[]", DEEP], ids=lambda bad: bad[:8])
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_what_is_no_frame_is_reported_and_comes_again_by_the_cursor(transport: Any, bad: str) -> None:
    states = States()
    async with relay_of(transport) as relay:
        async with connect(relay.url, transport=transport, on_status=states, timing=QUICK) as client:
            aiter(client)
            (await relay.next()).say(event(2)) if transport != "poll" else (await relay.next()).say()
            if transport == "poll":
                (await relay.next()).say(event(2))
            assert (await one(client)).id == "e.2-0"
            if transport == "poll":
                (await relay.next()).say(bad, event(3))
            else:
                client._link.reconnect()
                (await relay.next()).say(bad, event(3))
            status = await states.reached("offline")
            assert status.reason == "unreadable" and isinstance(status.error, ConnectionFailed)
            again = await relay.next()
            assert again.since == "e.2-0", "not from behind what could not be read"
            again.say(event(3))
            assert (await one(client)).id == "e.3-0"


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_what_can_never_be_read_becomes_a_gap_instead_of_the_end(transport: Any) -> None:
    warnings = Warnings()
    async with relay_of(transport) as relay:
        async with connect(relay.url, transport=transport, cursor=Store("e.5-0"), on_warning=warnings, timing=QUICK) as client:
            aiter(client)
            for _ in range(3):
                visit = await relay.next()
                assert visit.since == "e.5-0"
                visit.say(f'{{"id":"e.6-0","data":{DEEP}}}')
            fresh = await relay.next()
            assert fresh.since is None, "in the present"
            fresh.say()
            gap = await one(client)
            assert isinstance(gap, Gap) and gap.data.cursor == "e.1-0" and "cannot be read" in gap.data.reason
            assert "cannot be read" in str(await warnings.next())
            (await relay.next() if transport == "poll" else fresh).say(event(2))
            assert (await one(client)).id == "e.2-0"


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_frames_that_are_not_known_are_ignored(transport: Any) -> None:
    states = States()
    unknown = [
        "{}",
        '{"type":"relay","event":"relay.new","data":{"a":1}}',
        '{"type":"relay","event":"relay.new"}',
        '{"type":"relay"}',
        '{"type":"drone:event","event":"drone.updated","channel":"drone:A:updated","serialNumber":"A","data":{}}',
        '{"type":"something","data":{"cursor":7}}',
        '{"id":"e.1-5","type":"drone:event","event":"drone.landed","data":{}}',
    ]
    async with relay_of(transport) as relay:
        async with connect(relay.url, transport=transport, on_status=states, timing=QUICK) as client:
            aiter(client)
            if transport == "poll":
                (await relay.next()).say()
            (await relay.next()).say(*unknown, event(2))
            assert (await one(client)).id == "e.2-0"
            assert [(await states.reached(state)).state for state in ("connecting", "live")]
            assert states._queue.empty()


async def test_an_event_that_can_not_be_read_is_a_gap_in_its_place() -> None:
    warnings = Warnings()
    async with SocketRelay() as relay, connect(relay.url, on_warning=warnings, timing=QUICK) as client:
        aiter(client)
        (await relay.next()).say(event(2), event(3, createdAt="+010000-01-01T00:00:00.000Z"), event(4))
        assert (await one(client)).id == "e.2-0"
        gap = await one(client)
        assert isinstance(gap, Gap) and gap.data.cursor == "e.3-0"
        assert "e.3-0" in str(await warnings.next())
        assert (await one(client)).id == "e.4-0"


@pytest.mark.parametrize(
    "text", ["a\u2028b", "a\u2029b", "a\x85b", "a\x0bb\x0cc\x1cd\x1ee", "a\0b", "\ufeffa", "\U0001f681", "\ud83d", "x" * 65_536]
)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_text_comes_as_it_is(transport: Any, text: str) -> None:
    # Both ways to write it: as it is, where UTF-8 can, and escaped.
    frames = [json.dumps({"x": text}), json.dumps({"x": text}, ensure_ascii="\ud83d" in text)]
    frame = '{"type":"drone:event","channel":"drone:A:x","serialNumber":"A","foreign":true,"data":%s}'
    async with relay_of(transport) as relay, connect(relay.url, transport=transport, timing=QUICK) as client:
        aiter(client)
        if transport == "poll":
            (await relay.next()).say()
        (await relay.next()).say(*(frame % each for each in frames))
        for _ in frames:
            assert (await one(client)).data == {"x": text}


def parsed(chunks: list[bytes]) -> list[tuple[str | None, str | None]]:
    parser = SseParser()
    return [message for chunk in chunks for message in parser.feed(chunk)]


def test_an_event_stream_reads_the_same_however_it_is_cut() -> None:
    text = (
        "\ufeff: hello\r\nretry: 250\r\n\r\nid: 1\ndata: one\n\ndata:two\rdata: l\u2028i\u0085n\x0bes\U0001f681\r\r: beat\n"
        "id: 3\n\nid: no\0t\n\ndata\n\nevent: x\n\nretry: \u0663\n\ndata: cut"
    )
    stream = text.encode()
    for size in range(1, len(stream) + 1):
        parser = SseParser()
        messages = [m for at in range(0, len(stream), size) for m in parser.feed(stream[at : at + size])]
        expected = [("1", "one"), (None, "two\nl\u2028i\u0085n\x0bes\U0001f681"), ("3", None), (None, "")]
        assert messages == expected, size
        assert parser.retry == 0.25
    long = b"x" * (1 << 20)
    chunks = [b"data: ", *(long[at : at + 16] for at in range(0, len(long), 16)), b"\n\n"]
    assert parsed(chunks) == [(None, long.decode())]
    with pytest.raises(ValueError, match="longer than"):
        parsed([long] * 64)
    with pytest.raises(ValueError, match="longer than"):
        parsed([b"data: " + long + b"\n"] * 64)
    assert parsed([b": beat\n" + b":" + long + b"\n"] * 64) == []


async def test_callbacks_that_raise_stop_nobody() -> None:
    def broken(_status: object) -> None:
        raise RuntimeError("raised")

    async def broken_later(_status: object) -> None:
        raise RuntimeError("raised later")

    for callback, message in ((broken, "raised"), (broken_later, "raised later")):
        warnings = Warnings()
        async with FakeRelay() as relay:
            async with connect(relay.url, on_status=callback, on_warning=warnings, timing=QUICK) as client:
                aiter(client)
                await relay.connected()
                await relay.put("A")
                assert (await one(client)).revision == 1
                await relay.drop()
                await relay.put("A", streamIsOn=True)
                assert (await one(client)).revision == 2
                assert str(await warnings.next()) == message


async def test_a_warning_that_nobody_takes_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_error: Exception) -> None:
        raise RuntimeError("of the warning")

    for on_warning, logged in ((None, "no space left"), (broken, "of the warning")):
        caplog.clear()
        async with FakeRelay() as relay:
            store = Store(fails=1)
            async with connect(relay.url, cursor=store, on_warning=on_warning, timing=QUICK):
                while not store.saved:
                    await asyncio.sleep(0.01)
        assert logged in caplog.text


async def test_a_cursor_store_that_fails_is_a_warning_and_is_tried_again() -> None:
    warnings = Warnings()
    store = Store(fails=3)
    async with FakeRelay() as relay, connect(relay.url, cursor=store, on_warning=warnings, timing=QUICK):
        for _ in range(3):
            error = await warnings.next()
            assert str(error) == "the cursor cannot be saved: no space left"
        while not store.saved:
            await asyncio.sleep(0.01)
        assert store.saved == ["fake.0-0"], "although nothing else has come"


async def test_a_cursor_store_that_hangs_holds_nobody_up() -> None:
    class Hanging(Store):
        async_release = __import__("threading").Event()

        def save(self, cursor: str) -> None:
            if self.fails > 0:
                self.fails -= 1
                self.async_release.wait(60)
            self.saved.append(cursor)

    warnings = Warnings()
    store = Hanging(fails=1)
    timing = replace(QUICK, callback=0.05)
    async with FakeRelay() as relay:
        async with connect(relay.url, cursor=store, on_warning=warnings, timing=timing) as client:
            aiter(client)
            assert "did not answer" in str(await warnings.next())
            await relay.connected()
            await relay.put("A")
            await one(client)
            while "fake.0-0" not in store.saved:
                await asyncio.sleep(0.01)
        store.fails = 100
        async with connect(relay.url, cursor=store, on_warning=warnings, timing=timing):
            await warnings.next()
        # Leaving has not waited for what hangs.
        assert store.fails < 100
        store.async_release.set()


async def test_a_cursor_that_can_not_be_loaded_is_an_error_at_once() -> None:
    class Broken(Store):
        def load(self) -> str | None:
            raise OSError("no such disk")

    class Hanging(Store):
        def load(self) -> str | None:
            __import__("time").sleep(30)
            return None

    async with FakeRelay() as relay:
        with pytest.raises(OSError, match="no such disk"):
            async with connect(relay.url, cursor=Broken(), timing=QUICK):
                pass
        with pytest.raises(ConnectionFailed, match="did not answer"):
            async with connect(relay.url, cursor=Hanging(), timing=replace(QUICK, callback=0.05)):
                pass


@pytest.mark.parametrize("damage", [b"\0\x9f\x92\x96", b"x" * 70_000, b"e.1-0\ne.2-0", "\u2028".encode(), b""])
async def test_a_cursor_file_that_is_damaged_is_a_gap(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "cursor").write_bytes(damage)
    store = FileCursor(tmp_path / "cursor")
    warnings = Warnings()
    async with SocketRelay() as relay:
        async with connect(relay.url, cursor=store, on_warning=warnings, timing=QUICK) as client:
            aiter(client)
            visit = await relay.next()
            assert visit.since is None
            visit.say()
            gap = await one(client)
            assert isinstance(gap, Gap) and "saved cursor" in gap.data.reason
            assert "saved cursor" in str(await warnings.next())
            visit.say(event(2))
            await one(client)
    assert store.load() == "e.1-0", "and is replaced"


async def test_a_token_that_is_refused_is_asked_for_anew_until_one_is_taken() -> None:
    states = States()
    tokens = iter(["old", "old", "older", "good"])
    async with SocketRelay() as relay:
        relay.refusals = [401, 401, 401]
        async with connect(relay.url, token=lambda: next(tokens), on_status=states, timing=QUICK):
            for _ in range(3):
                status = await states.reached("offline")
                assert status.reason == "unauthorized" and isinstance(status.error, RefusedError)
                assert status.error.code == 401
            (await relay.next()).say()
            await states.reached("live")
            assert relay.tokens == ["Bearer old", "Bearer old", "Bearer older", "Bearer good"]


@pytest.mark.parametrize("token", [None, "bad"])
async def test_a_token_that_can_not_change_is_refused_once_and_for_all(token: str | None) -> None:
    async with SocketRelay() as relay:
        relay.refusals = [401]
        async with connect(relay.url, token=token, timing=QUICK) as client:
            with pytest.raises(RefusedError) as caught:
                await one(client)
            assert caught.value.code == 401
            assert client.status.state == "closed" and client.status.error is caught.value
            assert len(relay.tokens) == 1


async def test_a_token_function_that_fails_hangs_or_gives_none_is_asked_again() -> None:
    states = States()
    release = __import__("threading").Event()

    def fail() -> str:
        raise RuntimeError("raised")

    async def fail_later() -> str:
        raise RuntimeError("raised later")

    async def hang_later() -> str:
        await asyncio.Event().wait()
        return ""

    def hang() -> str:
        release.wait(60)
        return "late"

    ways = iter([hang, hang_later, fail, fail_later, lambda: None, lambda: "", lambda: "two\nlines", lambda: "good"])
    messages = ["did not answer", "did not answer", "raised", "raised later", "no token", "no token", "no token"]

    def token() -> Any:
        return next(ways)()

    async with SocketRelay() as relay:
        timing = replace(QUICK, callback=0.05)
        async with connect(relay.url, token=token, on_status=states, timing=timing):
            for message in messages:
                status = await states.reached("offline")
                assert status.reason == "no_token" and message in str(status.error)
            (await relay.next()).say()
            await states.reached("live")
            assert relay.tokens == ["Bearer good"]
        release.set()


async def test_an_answer_that_is_no_poll_and_no_event_stream_is_not_a_relay() -> None:
    for transport in ("sse", "poll"):
        states = States()
        async with HttpRelay() as relay:
            async with connect(relay.url, transport=transport, cursor=Store("e.5-0"), on_status=states, timing=QUICK):
                for _ in range(4):
                    visit = await relay.next()
                    assert visit.since == "e.5-0", "it keeps its place"
                    visit.answer("<html>Sign in to the WiFi</html>", content_type="text/html")
                    status = await states.reached("offline")
                    assert status.reason == "unreachable" and "what answers there" in str(status.error)


@pytest.mark.parametrize("seconds", ["31536000", "inf", "nan", "-1", "Wed, 21 Oct 2065 07:28:00 GMT"])
async def test_retry_after_does_not_stop_a_client_for_good(seconds: str) -> None:
    states = States()
    async with HttpRelay() as relay, connect(relay.url, transport="poll", on_status=states, timing=QUICK):
        (await relay.next()).refuse(503, retry_after=seconds)
        status = await states.reached("offline")
        assert status.reason == "unavailable" and status.retry_in is not None and 0 <= status.retry_in <= 3601


@asynccontextmanager
async def exploding(monkeypatch: pytest.MonkeyPatch, relay: Any, **options: Any) -> AsyncIterator[Any]:
    from dronecast import link

    async def explode(_attempt: object) -> Any:
        raise LookupError("not foreseen")

    with monkeypatch.context() as patch:
        patch.setitem(link.BY_NAME, "ws", explode)
        async with connect(relay.url, transport="ws", timing=QUICK, **options) as client:
            yield client, patch


async def test_what_nobody_has_foreseen_is_said_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    states = States()
    async with SocketRelay() as relay, exploding(monkeypatch, relay, on_status=states) as (client, patch):
        aiter(client)
        for _ in range(2):
            status = await states.reached("offline")
            assert status.reason == "failed" and isinstance(status.error, LookupError)
        patch.undo()
        (await relay.next()).say(event(2))
        assert (await one(client)).id == "e.2-0"


async def test_a_link_that_breaks_down_ends_the_client_with_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async with SocketRelay() as relay:
        client = connect(relay.url, timing=QUICK)

        async def explode() -> Exception:
            raise LookupError("not foreseen")

        monkeypatch.setattr(client._link, "run", explode)
        async with client:
            with pytest.raises(LookupError):
                await one(client)
            with pytest.raises(LookupError):
                await asyncio.wait_for(client.watch("A").ready(), SECONDS)
            with pytest.raises(LookupError):
                async for _ in client.watch("A").changes():
                    pass


async def test_a_refusal_that_nobody_reads_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with SocketRelay() as relay:
        relay.refusals = [403]
        with caplog.at_level(logging.WARNING):
            async with connect(relay.url, timing=QUICK) as client:
                while client.status.state != "closed":
                    await asyncio.sleep(0.01)
    assert "HTTP 403" in caplog.text


async def test_what_the_relay_refuses_is_a_warning() -> None:
    warnings = Warnings()
    async with SocketRelay() as relay, connect(relay.url, on_warning=warnings, timing=QUICK):
        data = {"code": "forbidden", "message": "Not all of it is yours"}
        (await relay.next()).say(json.dumps({"type": "relay", "event": "relay.error", "data": data}))
        assert str(await warnings.next()) == "forbidden: Not all of it is yours"


async def test_who_does_not_enter_is_told_so() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await one(connect("http://127.0.0.1:1"))
