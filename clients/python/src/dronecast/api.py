"""The REST API."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx

from .errors import ApiError, ConnectionFailed
from .link import Token
from .models import Drone, DroneDetail, Incident, IncidentReport

_TIMEOUT = httpx.Timeout(10)
_PAGE = 1000


class Api:
    """Raises ApiError for what the API refuses, ConnectionFailed when it does not answer."""

    def __init__(self, url: str, token: Token | None = None) -> None:
        self._client = httpx.AsyncClient(base_url=url.rstrip("/"), timeout=_TIMEOUT)
        self._token = token

    async def close(self) -> None:
        await self._client.aclose()

    async def drone(self, serial_number: str) -> DroneDetail:
        body = await self._ask("GET", f"/api/v1/drones/sn/{serial_number}")
        return DroneDetail.model_validate(body["data"]["drone"])

    async def drones(self, **query: Any) -> AsyncIterator[Drone]:
        """All that pass the filters `category`, `streamIsOn`, `isUsingAiDetection` and `q`, in order of serial number."""
        cursor: str | None = None
        while True:
            page = {**query, "limit": _PAGE} | ({} if cursor is None else {"cursor": cursor})
            body = await self._ask("GET", "/api/v1/drones", params=page)
            for drone in body["data"]["drones"]:
                yield Drone.model_validate(drone)
            cursor = body.get("nextCursor")
            if cursor is None:
                return

    async def register(self, *, idempotency_key: str | None = None, **fields: Any) -> DroneDetail:
        """Within 24 hours a retry with the same key and fields gives the drone as it is, instead of a 409."""
        headers = {"idempotency-key": idempotency_key or str(uuid.uuid4())}
        body = await self._ask("POST", "/api/v1/drones/register", json=fields, headers=headers)
        return DroneDetail.model_validate(body["data"]["drone"])

    async def patch(self, serial_number: str, patch: dict[str, Any]) -> DroneDetail:
        """A JSON merge patch (RFC 7396)."""
        body = await self._ask("PATCH", f"/api/v1/drones/sn/{serial_number}", json=patch)
        return DroneDetail.model_validate(body["data"]["drone"])

    async def delete(self, serial_number: str) -> None:
        await self._ask("DELETE", f"/api/v1/drones/sn/{serial_number}")

    async def report(self, serial_number: str, report: IncidentReport, idempotency_key: str | None = None) -> Incident:
        """The key makes a retry safe: the same one never makes a second incident."""
        headers = {"idempotency-key": idempotency_key or str(uuid.uuid4())}
        incident = report.model_dump(mode="json", by_alias=True, exclude_none=True)
        path = f"/api/v1/drones/sn/{serial_number}/incidents"
        body = await self._ask("POST", path, json=incident, headers=headers)
        return Incident.model_validate(body["data"]["incident"])

    async def _ask(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        token = self._token() if callable(self._token) else self._token
        if inspect.isawaitable(token):
            token = await token
        authorization = {} if token is None else {"authorization": f"Bearer {token}"}
        try:
            answer = await self._client.request(method, path, headers={**authorization, **(headers or {})}, **more)
        except httpx.HTTPError as error:
            raise ConnectionFailed(f"no answer from the API: {error or type(error).__name__}") from error
        if answer.is_success:
            return answer.json() if answer.content else None
        raise _problem(answer)


def _problem(answer: httpx.Response) -> ApiError:
    try:
        body = answer.json()
        return ApiError(answer.status_code, body["code"], body["detail"], body.get("errors", ()))
    except (ValueError, KeyError, TypeError):
        return ApiError(answer.status_code, "unknown", f"HTTP {answer.status_code}")
