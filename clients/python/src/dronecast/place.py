"""How far a client is."""

from __future__ import annotations

import re

_CURSOR = re.compile(r"([0-9a-z]{1,16})\.([0-9]{1,15})-([0-9]{1,15})")
_ANY_CURSOR = re.compile(r"[\x21-\x7e]{1,64}")


def is_cursor(text: object) -> bool:
    """Whether it can be one, of whatever form: the relay refuses others."""
    return isinstance(text, str) and _ANY_CURSOR.fullmatch(text) is not None


def _parse(cursor: str) -> tuple[str, tuple[int, int]] | None:
    match = _CURSOR.fullmatch(cursor)
    return (match[1], (int(match[2]), int(match[3]))) if match else None


def _is_past(event: str, cursor: str) -> bool:
    """Whether an event is not after a cursor in the same life of the history."""
    here, there = _parse(event), _parse(cursor)
    if here is None or there is None:
        return event == cursor
    return here[0] == there[0] and here[1] <= there[1]


class Place:
    def __init__(self, cursor: str | None = None) -> None:
        self.cursor = cursor

    def advance(self, event: str) -> bool:
        """Takes a step to an event; False when it was here before."""
        if self.cursor is not None and _is_past(event, self.cursor):
            return False
        self.cursor = event
        return True
