"""Follow a fleet of drones: events that resume, and detectors that start and stop with their streams."""

from .api import Api
from .client import Client, connect
from .cursor import CursorStore, FileCursor
from .errors import ApiError, ConnectionFailed, DronecastError, RefusedError
from .link import Status
from .models import (
    AiDetectionToggled,
    DetectionClassesChanged,
    Drone,
    DroneCreated,
    DroneDeleted,
    DroneDetail,
    DroneUpdated,
    Event,
    ForeignEvent,
    Gap,
    Incident,
    IncidentDetected,
    IncidentReport,
    Item,
    Point,
    StreamStatus,
    SystemBroadcast,
)
from .timing import Timing
from .watch import Watch

__all__ = [
    "AiDetectionToggled",
    "Api",
    "ApiError",
    "Client",
    "ConnectionFailed",
    "CursorStore",
    "DetectionClassesChanged",
    "Drone",
    "DroneCreated",
    "DroneDeleted",
    "DroneDetail",
    "DroneUpdated",
    "DronecastError",
    "Event",
    "FileCursor",
    "ForeignEvent",
    "Gap",
    "Incident",
    "IncidentDetected",
    "IncidentReport",
    "Item",
    "Point",
    "RefusedError",
    "Status",
    "StreamStatus",
    "SystemBroadcast",
    "Timing",
    "Watch",
    "connect",
]
