"""What a client that reads lines does with an event stream, and how each driver prints a message."""

from collections.abc import Iterator


def show(frame: str, last_event_id: str | None = None) -> None:
    """Print a message as one line of JSON. A cursor needs no escaping."""
    head = "" if last_event_id is None else f'"lastEventId":"{last_event_id}",'
    print(f'{{{head}"frame":{frame}}}', flush=True)


class EventLines:
    """Takes the lines of an event stream, and prints each message."""

    def __init__(self) -> None:
        self._id = ""
        self._data = ""

    def take(self, line: bytes) -> None:
        field, _, value = line.rstrip(b"\r\n").decode().partition(": ")
        if field == "id":
            self._id = value
        elif field == "data":
            self._data = value
        elif field == "" and self._data:
            show(self._data, self._id)
            self._data = ""

    def take_all(self, lines: Iterator[bytes]) -> None:
        for line in lines:
            self.take(line)


def headers_of(cursor: list[str]) -> dict[str, str]:
    """Take the optional last argument of a driver of an event stream."""
    return {"Last-Event-ID": cursor[0]} if cursor else {}


def socket_query(serial_number: str, *cursor: str) -> dict[str, str]:
    """Take the arguments of a driver of a WebSocket, without the first one."""
    return {"sn": serial_number, "since": cursor[0]} if cursor else {"sn": serial_number}
