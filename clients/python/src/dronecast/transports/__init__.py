"""The three ways in which events can be had, the best first."""

from __future__ import annotations

from .base import TRANSPORTS, Attempt, Ending, Frame, Transport, TransportName, parse_frame
from .event_stream import event_stream
from .long_poll import long_poll
from .sse_parser import SseParser
from .web_socket import web_socket

BY_NAME: dict[TransportName, Transport] = {"ws": web_socket, "sse": event_stream, "poll": long_poll}

__all__ = [
    "BY_NAME",
    "TRANSPORTS",
    "Attempt",
    "Ending",
    "Frame",
    "SseParser",
    "Transport",
    "TransportName",
    "parse_frame",
]
