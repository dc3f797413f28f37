"""Reads the text of an event stream (HTML standard, section 9.2.6)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from ..timing import LONGEST_WAIT

#: Characters of a message, and of a line, beyond which this is no stream of ours.
_LONGEST = 16 * 1024 * 1024
#: What ends a line, and nothing else does: `str.splitlines` also knows U+0085, U+2028 and others.
_LINE_END = re.compile(r"\r\n|\n|\r")
_DIGITS = re.compile(r"[0-9]{1,9}")

#: The `id` of a block, and its `data`; None where it has none.
Message = tuple[str | None, str | None]


class SseParser:
    """However the bytes are cut. Raises ValueError on what has no end."""

    def __init__(self) -> None:
        #: Seconds to wait before reconnecting, as the stream says.
        self.retry: float = 0
        # It takes the byte order mark at the start away.
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        #: Of the line that has not ended.
        self._parts: list[str] = []
        self._ends_with_return = False
        self._data: list[str] = []
        self._id: str | None = None
        #: Of the message that has not ended.
        self._length = 0

    def feed(self, chunk: bytes) -> Iterator[Message]:
        text = self._decoder.decode(chunk)
        # The other half of a CRLF that was cut in two.
        rest = text[1:] if self._ends_with_return and text.startswith("\n") else text
        if text:
            self._ends_with_return = text.endswith("\r")
        *lines, last = _LINE_END.split(rest)
        for line in lines:
            whole = "".join([*self._parts, line])
            self._length -= len(whole) - len(line)
            self._parts = []
            message = self._read(whole)
            if message is not None:
                yield message
        if last:
            self._parts.append(last)
            self._grow(len(last))

    def _read(self, line: str) -> Message | None:
        if line == "":
            message = (self._id, "\n".join(self._data) if self._data else None)
            self._data, self._id, self._length = [], None, 0
            return None if message == (None, None) else message
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._grow(len(value))
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and _DIGITS.fullmatch(value):
            self.retry = min(int(value) / 1000, LONGEST_WAIT)
        return None

    def _grow(self, by: int) -> None:
        self._length += by
        if self._length > _LONGEST:
            raise ValueError(f"a message is longer than {_LONGEST} characters")
