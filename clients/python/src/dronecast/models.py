"""Drones, incidents and events, as the API and the relay send them. Fields that are new are ignored."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

Kind = Literal["created", "updated", "deleted", "stream", "ai", "config", "incident", "system"]
Category = Literal["DRONE", "BODY CAM", "CCTV"]


class Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class Metadata(Model):
    alias: str
    description: str


class Drone(Model):
    """A drone without its credentials, as events carry it."""

    id: str
    device_serial_number: str
    device_name: str
    device_category: Category
    metadata: Metadata
    is_using_ai_detection: bool
    stream_is_on: bool
    stream_url: str
    web_rtc_url: str = Field(validation_alias="webRTCUrl", serialization_alias="webRTCUrl")
    cameras: list[str]
    detection_classes: list[int]
    created_at: datetime
    updated_at: datetime
    revision: int


class StreamCredentials(Model):
    user_name: str
    #: None for a caller without the scope `credentials:read`.
    password: str | None = None
    port: str


class DroneDetail(Drone):
    """A drone as the API answers for one; its URLs are masked where the password is."""

    stream_credentials: StreamCredentials


class Point(Model):
    type: Literal["Point"] = "Point"
    #: Longitude and latitude in degrees.
    coordinates: tuple[float, float]


class IncidentReport(Model):
    """What a detector saw: one object on one image."""

    image_url: str
    #: x, y, width, height in pixels.
    object_bbox: tuple[float, float, float, float] = Field(validation_alias="objectBBox", serialization_alias="objectBBox")
    coordinates: Point | None = None
    #: Metres.
    altitude: float | None = None
    #: COCO class, 0-79.
    class_id: int | None = None
    label: str | None = None
    #: 0 to 1.
    confidence: float | None = None
    captured_at: datetime | None = None


class Incident(IncidentReport):
    id: str
    serial_number: str
    created_at: datetime


class DroneData(Model):
    serial_number: str
    drone_id: str


class CreatedData(DroneData):
    full: Drone


class UpdatedData(CreatedData):
    #: What changed, nested as in the drone, and the values before.
    changes: dict[str, Any]
    previous: dict[str, Any]


class StreamData(DroneData):
    stream_is_on: bool
    previous_status: bool
    stream_url: str


class AiData(DroneData):
    is_using_ai_detection: bool
    previous_status: bool
    detection_classes: list[int]


class ClassesData(DroneData):
    detection_classes: list[int]
    previous_classes: list[int]


class IncidentData(DroneData):
    incident: Incident


class BroadcastData(Model):
    message: str
    level: Literal["info", "warning", "error", "critical"]
    data: dict[str, Any] | None = None


class Envelope(Model):
    #: Also a cursor.
    id: str
    channel: str
    #: When the change was committed.
    timestamp: datetime
    #: The `sub` of the token that caused the event. None without tokens, and from an API that names nobody yet.
    actor: str | None = None


class DroneEnvelope(Envelope):
    type: Literal["drone:event"]
    serial_number: str
    revision: int


class DroneCreated(DroneEnvelope):
    event: Literal["drone.created"]
    data: CreatedData


class DroneUpdated(DroneEnvelope):
    event: Literal["drone.updated"]
    data: UpdatedData


class DroneDeleted(DroneEnvelope):
    event: Literal["drone.deleted"]
    data: DroneData


class StreamStatus(DroneEnvelope):
    event: Literal["drone.stream.status"]
    data: StreamData


class AiDetectionToggled(DroneEnvelope):
    event: Literal["drone.ai.detection.toggled"]
    data: AiData


class DetectionClassesChanged(DroneEnvelope):
    event: Literal["drone.detection.classes.changed"]
    data: ClassesData


class IncidentDetected(DroneEnvelope):
    event: Literal["drone.incident.detected"]
    data: IncidentData


class SystemBroadcast(Envelope):
    type: Literal["system:event"]
    event: Literal["system.broadcast"]
    data: BroadcastData


#: A committed change, incident or broadcast.
Event = Annotated[
    DroneCreated
    | DroneUpdated
    | DroneDeleted
    | StreamStatus
    | AiDetectionToggled
    | DetectionClassesChanged
    | IncidentDetected
    | SystemBroadcast,
    Field(discriminator="event"),
]


class ForeignEvent(Model):
    """What another program published on the bus; at most once, and never resumed."""

    type: Literal["drone:event", "system:event"]
    channel: str
    serial_number: str | None = None
    foreign: Literal[True]
    data: dict[str, Any]


class GapData(Model):
    cursor: str
    reason: str


class Gap(Model):
    """Events may have been missed: read again by REST what matters."""

    type: Literal["relay"]
    event: Literal["relay.gap"]
    data: GapData


#: What a reader gets, in order.
Item = Event | ForeignEvent | Gap

#: `event` of those that are known.
EVENT_NAMES = frozenset(
    name for model in get_args(get_args(Event)[0]) for name in get_args(model.model_fields["event"].annotation)
)

#: Reads one event; raises pydantic.ValidationError for what is none.
event_adapter: TypeAdapter[Event] = TypeAdapter(Event)
