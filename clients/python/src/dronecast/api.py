"""The REST API."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import AsyncIterator
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from .errors import ApiError, ConnectionFailed
from .models import Drone, DroneDetail, Incident, IncidentReport, SystemBroadcast
from .timing import parse_retry_after
from .token import Token, TokenSource

M = TypeVar("M", bound=BaseModel)
log = logging.getLogger("dronecast")

_TIMEOUT = httpx.Timeout(10)
_PAGE = 1000


class Api:
    """
    Raises ApiError for what the API refuses, ConnectionFailed when it does not answer, or gives no answer that can be read.
    """

    def __init__(self, url: str, token: Token | TokenSource | None = None) -> None:
        self._client = httpx.AsyncClient(base_url=url.rstrip("/"), timeout=_TIMEOUT)
        self._token = token if isinstance(token, TokenSource) else TokenSource(token)

    @property
    def can_renew_token(self) -> bool:
        """Whether the next call may have another token."""
        return self._token.can_renew

    async def close(self) -> None:
        await self._client.aclose()

    async def drone(self, serial_number: str) -> DroneDetail:
        return _read(DroneDetail, await self._ask("GET", _path(serial_number)), "drone")

    async def drones(self, **query: Any) -> AsyncIterator[Drone]:
        """
        All that pass the filters `category`, `streamIsOn`, `isUsingAiDetection` and `q`, in order of serial number. One that
        cannot be read is logged and left out.
        """
        cursor: str | None = None
        while True:
            page = {**query, "limit": _PAGE} | ({} if cursor is None else {"cursor": cursor})
            body = await self._ask("GET", "/api/v1/drones", params=page)
            try:
                drones, cursor = list(body["data"]["drones"]), body.get("nextCursor")
            except (KeyError, TypeError, AttributeError) as error:
                raise _unreadable(error) from error
            for drone in drones:
                try:
                    yield Drone.model_validate(drone)
                except ValidationError as error:
                    log.warning("a drone of the list is left out: %s", error)
            if cursor is None:
                return

    async def register(self, *, idempotency_key: str | None = None, **fields: Any) -> DroneDetail:
        """Within 24 hours a retry with the same key and fields gives the drone as it is, instead of a 409."""
        headers = {"idempotency-key": idempotency_key or str(uuid.uuid4())}
        return _read(DroneDetail, await self._ask("POST", "/api/v1/drones/register", fields, headers), "drone")

    async def patch(self, serial_number: str, patch: dict[str, Any]) -> DroneDetail:
        """A JSON merge patch (RFC 7396)."""
        return _read(DroneDetail, await self._ask("PATCH", _path(serial_number), patch), "drone")

    async def delete(self, serial_number: str) -> None:
        await self._ask("DELETE", _path(serial_number))

    async def report(self, serial_number: str, report: IncidentReport, idempotency_key: str | None = None) -> Incident:
        """The key makes a retry safe: the same one never makes a second incident."""
        headers = {"idempotency-key": idempotency_key or str(uuid.uuid4())}
        incident = report.model_dump(mode="json", by_alias=True, exclude_none=True)
        path = f"{_path(serial_number)}/incidents"
        return _read(Incident, await self._ask("POST", path, incident, headers), "incident")

    async def broadcasts(self, limit: int = 100) -> list[SystemBroadcast]:
        """
        The last broadcasts, newest first: at most `limit` (1-100). Takes the scope `events:read`. One that cannot be read
        is logged and left out.
        """
        body = await self._ask("GET", "/api/v1/system/broadcasts", params={"limit": limit})
        try:
            sent = list(body["data"]["broadcasts"])
        except (KeyError, TypeError) as error:
            raise _unreadable(error) from error
        broadcasts = []
        for each in sent:
            try:
                broadcasts.append(SystemBroadcast.model_validate(each))
            except ValidationError as error:
                log.warning("a broadcast of the list is left out: %s", error)
        return broadcasts

    async def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, Any] | None = None,
    ) -> Any:
        token = await self._token.read()
        sent = {} if token is None else {"authorization": f"Bearer {token}"}
        sent |= headers or {}
        content: str | None = None
        if body is not None:
            # Escaped, so that half an emoji gets through to the API, which says what it takes.
            content = json.dumps(body, allow_nan=False)
            sent["content-type"] = "application/json"
        try:
            answer = await self._client.request(method, path, headers=sent, content=content, params=params)
        except httpx.HTTPError as error:
            raise ConnectionFailed(f"no answer from the API: {error or type(error).__name__}") from error
        if not answer.is_success:
            raise _problem(answer)
        if not answer.content:
            return None
        try:
            return answer.json()
        except (ValueError, RecursionError) as error:
            raise _unreadable(error) from error


def _path(serial_number: str) -> str:
    """Of a drone: what is inside its serial number does not end the segment."""
    return f"/api/v1/drones/sn/{quote(serial_number, safe='')}"


def _unreadable(error: Exception) -> ConnectionFailed:
    return ConnectionFailed(f"the answer of the API cannot be read: {error!r}")


def _read(model: type[M], body: Any, name: str) -> M:
    try:
        return model.model_validate(body["data"][name])
    except (ValidationError, KeyError, TypeError) as error:
        raise _unreadable(error) from error


def _problem(answer: httpx.Response) -> ApiError:
    retry_after = parse_retry_after(answer.headers.get("retry-after"))
    try:
        body = answer.json()
        code, detail, errors = body["code"], body["detail"], body.get("errors") or ()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        code, detail, errors = "unknown", f"HTTP {answer.status_code}", ()
    return ApiError(answer.status_code, str(code), str(detail), errors, retry_after)
