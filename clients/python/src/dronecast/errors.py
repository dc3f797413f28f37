"""What can go wrong, and what it means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


class DronecastError(Exception):
    """Any failure that this package raises."""


class RefusedError(DronecastError):
    """The relay will not have this client as it is: connecting again would change nothing."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        #: HTTP status, or close code of the WebSocket.
        self.code = code


class ConnectionFailed(DronecastError):
    """A connection that could not be had or kept; whoever sees it tries again."""


class UnreadableFrame(ConnectionFailed):
    """What came was no frame: the connection is left, and what comes behind the cursor is asked for again."""


class ApiError(DronecastError):
    """The API has answered with problem details (RFC 9457)."""

    def __init__(
        self, status: int, code: str, detail: str, errors: Sequence[dict[str, Any]] = (), retry_after: float = 0
    ) -> None:
        super().__init__(detail)
        self.status = status
        #: Stable, for programs.
        self.code = code
        #: `{"pointer", "message"}` of each wrong field.
        self.errors = list(errors)
        #: Seconds that the API asks to wait.
        self.retry_after = retry_after

    @property
    def is_passing(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status >= 500 or self.status in (408, 425, 429)


class IncidentNotSent(DronecastError):
    """An incident that the API refuses for good, that cannot be read, or for which there is no room: it is not sent."""

    def __init__(self, message: str, serial_number: str | None, idempotency_key: str, path: Path | None = None) -> None:
        super().__init__(message)
        #: None when it cannot be read.
        self.serial_number = serial_number
        self.idempotency_key = idempotency_key
        #: Where it was set aside; None when it was dropped.
        self.path = path
