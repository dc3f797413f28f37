"""The scenarios for every client; clients/conformance/README.md says what the steps mean."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from conftest import QUICK, REPO, States, System, require, running_system

from dronecast import Client, ConnectionFailed, Gap, RefusedError, connect

SCENARIOS = json.loads((REPO / "clients/conformance/scenarios.json").read_text())
TEXTS = json.loads((REPO / "clients/conformance/texts.json").read_text())
CASES = [
    pytest.param(scenario, transport, id=f"{scenario['name']}-{transport}")
    for scenario in SCENARIOS
    for transport in scenario.get("transports", ["ws", "sse", "poll"])
]
SECRET = "a-secret-of-the-tests-that-is-32-bytes-or-more"
SECONDS = 20


def token_for(lasts: str) -> str:
    command = [require("node"), str(REPO / "packages/auth/dist/token/main.js"), "--sub", "tests", "--expires", lasts]
    return subprocess.run([*command, "--secret", SECRET], capture_output=True, text=True, check=True, env={}).stdout.strip()


@pytest.fixture(scope="module")
def servers() -> Iterator[System]:
    env = {"AUTH_MODE": "jwt", "JWT_SECRET": SECRET, "HEARTBEAT_MS": "500", "RATE_LIMIT_PER_MINUTE": "0"}
    with running_system(env) as system:
        yield system


@pytest.fixture(scope="module")
def headers() -> dict[str, str]:
    return {"authorization": f"Bearer {token_for('1h')}"}


def pair_of(item: Any) -> Any:
    return "gap" if isinstance(item, Gap) else [item.serial_number, item.revision]


async def take(client: Client, count: int) -> list[Any]:
    return [pair_of(await asyncio.wait_for(anext(client), SECONDS)) for _ in range(count)]


async def find(client: Client, wanted: Any) -> None:
    while (await take(client, 1))[0] != wanted:
        pass


def control(system: System, action: str) -> None:
    relay = system.relay
    assert relay.process
    if action in ("kill", "stop"):
        relay.stop(signal.SIGKILL if action == "kill" else signal.SIGTERM)
    elif action == "start":
        relay.start()
    else:
        relay.process.send_signal(signal.SIGSTOP if action == "freeze" else signal.SIGCONT)


def tell_redis(port: int, *command: str) -> None:
    words = [word.encode() for word in command]
    with socket.create_connection(("127.0.0.1", port)) as redis:
        redis.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        assert redis.recv(1) in b"+:"


def json_of(text: dict[str, Any]) -> str:
    if "json" in text:
        return str(text["json"])
    part, times = text["repeat"]
    return json.dumps(part * times, ensure_ascii=False)


async def publish_texts(client: Client, port: int, channel: str) -> None:
    for n, text in enumerate(TEXTS):
        message = f'{{"n":{n},"value":{json_of(text)}}}'
        waiting = asyncio.ensure_future(find_message(client, n))
        # Between two long-polls nobody is there.
        while not waiting.done():
            await asyncio.to_thread(tell_redis, port, "PUBLISH", channel, message)
            await asyncio.wait({waiting}, timeout=0.2)
        # As JSON, in which -0.0 is not 0.0.
        assert json.dumps(waiting.result()) == json.dumps(json.loads(json_of(text))), text["name"]
    client._unread.clear()  # One that was published twice.


async def find_message(client: Client, n: int) -> Any:
    while True:
        item: Any = await asyncio.wait_for(anext(client), SECONDS)
        if item.data["n"] == n:
            return item.data["value"]


async def write_texts(client: Client, rest: httpx.AsyncClient, serial_number: str) -> None:
    async def write(method: str, path: str, body: dict[str, Any]) -> Any:
        # Escaped, so that UTF-8 takes all of it.
        answer = await rest.request(
            method, f"/sn/{serial_number}{path}", content=json.dumps(body), headers={"content-type": "application/json"}
        )
        if answer.status_code in (400, 413):
            return None
        answer.raise_for_status()
        return await asyncio.wait_for(anext(client), SECONDS)

    for text in TEXTS:
        value = json.loads(json_of(text))
        if not isinstance(value, str) or text.get("fields") is False:
            continue
        named = await write("PATCH", "", {"deviceName": value})
        assert named is None or named.data.full.device_name == value, text["name"]
        described = await write("PATCH", "", {"metadata": {"description": value}})
        assert described is None or described.data.full.metadata.description == value, text["name"]
        report = {"label": value, "imageUrl": "https://images.example.com/1.jpg", "objectBBox": [1, 2, 3, 4]}
        reported = await write("POST", "/incidents", report)
        assert reported is None or reported.data.incident.label == value, text["name"]


@pytest.mark.parametrize(("scenario", "transport"), CASES)
async def test_conformance(servers: System, headers: dict[str, str], scenario: dict[str, Any], transport: Any) -> None:
    changes = iter(range(10_000))
    tokens = iter([*scenario.get("tokens", []), *["1h"] * 1000])

    async def token() -> str:
        lasts = next(tokens)
        return lasts if lasts == "garbage" else await asyncio.to_thread(token_for, lasts)

    states = States()
    options = {"transport": transport, "events": ["updated"], **scenario["client"]}
    async with httpx.AsyncClient(base_url=f"{servers.api.url}/api/v1/drones", headers=headers) as rest:

        async def patch(serial_number: str) -> None:
            change = {"deviceName": f"{transport} {next(changes)}"}
            (await rest.patch(f"/sn/{quote(serial_number, safe='')}", json=change)).raise_for_status()

        for sn in scenario["drones"]:
            body = {"deviceSerialNumber": sn, "deviceName": sn, "deviceCategory": "DRONE"}
            (await rest.post("/register", json=body)).raise_for_status()
        async with connect(
            servers.relay.url,
            api=servers.api.url,
            token=scenario.get("token", token),
            on_status=states,
            timing=QUICK,
            **options,
        ) as client:
            aiter(client)
            steps = scenario["steps"]
            if not any("refused" in step for step in steps):
                await states.reached("live")
            for step in steps:
                ((name, value),) = step.items()
                match name:
                    case "patch":
                        for sn in value:
                            await patch(sn)
                    case "patchMany":
                        for _ in range(value[1]):
                            await patch(value[0])
                    case "events":
                        assert await take(client, len(value)) == value
                    case "eventsOf":
                        sn, first, last = value
                        assert await take(client, last - first + 1) == [[sn, n] for n in range(first, last + 1)]
                    case "last":
                        await find(client, value)
                    case "actor":
                        event: Any = await asyncio.wait_for(anext(client), SECONDS)
                        assert event.actor == value
                    case "gap":
                        await find(client, "gap")
                    case "relay":
                        await asyncio.to_thread(control, servers, value)
                    case "redis":
                        await asyncio.to_thread(tell_redis, servers.redis_port, "FLUSHALL")
                    case "status":
                        await states.reached(value)
                    case "offline":
                        while (await states.reached("offline")).reason != value:
                            pass
                    case "publishTexts":
                        await publish_texts(client, servers.redis_port, value)
                    case "writeTexts":
                        await write_texts(client, rest, value)
                    case "ping" if value == "unanswered":
                        with pytest.raises(ConnectionFailed):
                            await client.ping()
                    case "ping":
                        heard_at = client.last_frame_at
                        took = await client.ping()
                        assert heard_at is not None
                        if transport == "ws":
                            assert took is not None
                            assert client.last_frame_at is not None
                            assert client.last_frame_at >= heard_at
                        else:
                            assert took is None
                    case "pauseSeconds":
                        await asyncio.sleep(value)
                    case "refused":
                        with pytest.raises(RefusedError) as caught:
                            await take(client, 1)
                        assert caught.value.code == value
                    case _:
                        pytest.fail(f"unknown step {name}")
            assert not client._unread, "nothing else came"
        for sn in scenario["drones"]:
            (await rest.delete(f"/sn/{quote(sn, safe='')}")).raise_for_status()
