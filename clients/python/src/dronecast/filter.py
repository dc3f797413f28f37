"""What a client follows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from .models import Kind

KINDS: tuple[Kind, ...] = get_args(Kind)
MAX_NAMES = 100
#: The same text as in packages/events/src/name.ts, which a test compares.
_NAME = re.compile(r"^(?!all$)[A-Za-z0-9](?:[A-Za-z0-9._-]*|(?: ?[A-Za-z0-9._:/@+#-])* ?[A-Za-z0-9*])$|^\*$")
_MAX_NAME_LENGTH = 64


@dataclass(frozen=True)
class Filter:
    """Serial numbers and prefixes (`abc*`), and kinds; an empty one is everything."""

    sn: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    def query(self) -> dict[str, str]:
        named = {"sn": ",".join(self.sn), "events": ",".join(self.events)}
        return {name: value for name, value in named.items() if value}

    def covers(self, serial_number: str, kinds: Iterable[str]) -> bool:
        follows = not self.sn or any(
            serial_number.startswith(name[:-1]) if name.endswith("*") else name == serial_number for name in self.sn
        )
        return follows and (not self.events or set(kinds) <= set(self.events))


def parse_filter(sn: str | Sequence[str] | None, events: Sequence[str] | None) -> Filter:
    """Raises ValueError on what the relay would refuse; connecting with it would be the end."""
    names = (sn,) if isinstance(sn, str) else tuple(sn or ())
    for name in names:
        if len(name) > _MAX_NAME_LENGTH or not _NAME.fullmatch(name):
            raise ValueError(f"sn: {name!r} is no serial number and no prefix like abc*")
    if len(names) > MAX_NAMES:
        raise ValueError(f"sn: at most {MAX_NAMES} serial numbers and prefixes")
    for kind in events or ():
        if kind not in KINDS:
            raise ValueError(f"events: {kind!r} is none of {', '.join(KINDS)}")
    return Filter(names, tuple(events or ()))
