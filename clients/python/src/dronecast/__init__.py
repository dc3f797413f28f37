"""Follow a fleet of drones: events that resume, and detectors that start and stop with their streams."""

from .api import Api
from .client import Client, connect
from .cursor import CursorStore, FileCursor
from .errors import ApiError, ConnectionFailed, DronecastError, IncidentNotSent, RefusedError, UnreadableFrame
from .link import OfflineReason, Status
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
from .token import Token
from .watch import Watch, WatchStatus

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
    "IncidentNotSent",
    "IncidentReport",
    "Item",
    "OfflineReason",
    "Point",
    "RefusedError",
    "Status",
    "StreamStatus",
    "SystemBroadcast",
    "Timing",
    "Token",
    "UnreadableFrame",
    "Watch",
    "WatchStatus",
    "connect",
]
