"""Where a client's place outlives it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol


class CursorStore(Protocol):
    """Keeps a client's place, so that it goes on where it was after a restart. One store per client."""

    def load(self) -> str | None:
        """None when there is none yet. What can't be a cursor gives a gap."""

    def save(self, cursor: str) -> None:
        """Called after the events up to this place have been read. May block. What it raises is a warning."""


class FileCursor:
    """
    In a file that is replaced as a whole, so that a crash leaves the old place or the new one. One that holds something
    else, or nothing, gives a gap.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)

    def load(self) -> str | None:
        try:
            return self._path.read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None

    def save(self, cursor: str) -> None:
        fresh = self._path.with_name(f"{self._path.name}.new")
        fresh.write_text(cursor)
        fresh.replace(self._path)
