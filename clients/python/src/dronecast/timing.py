"""How long things may take, in seconds."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """A wait at most, after the first failure and after many."""

    first: float
    most: float

    def at(self, failures: int) -> float:
        return min(self.most, self.first * 2.0 ** min(failures, 30))


@dataclass(frozen=True)
class Timing:
    backoff: Range = Range(0.5, 30)
    #: In which a connection must give its first frame.
    greeting: float = 10
    #: That the token function and the cursor store may take.
    callback: float = 30
    #: In which a ping must be answered.
    ping: float = 5
    #: Between two tries to return to the best transport.
    climb: Range = Range(30, 600)


def jitter(limit: Range, failures: int) -> float:
    """Full jitter, so that clients that failed together do not come back together. `failures` from 0."""
    return random.random() * limit.at(failures)


#: Seconds: whoever asks for more is asked again in an hour.
LONGEST_WAIT = 3600


def parse_retry_after(value: str | None) -> float:
    """Seconds that an answer asks to wait, 0 when it does not say so in seconds."""
    try:
        seconds = float(value or "0")
    except ValueError:
        return 0
    return min(seconds, LONGEST_WAIT) if seconds > 0 else 0
