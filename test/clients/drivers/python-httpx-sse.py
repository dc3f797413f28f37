import sys

import httpx
from event_lines import headers_of, show
from httpx_sse import connect_sse

base, serial_number, *cursor = sys.argv[1:]
# Its default gives up after 5 s of silence, which is less than the time between two heartbeats.
with httpx.Client(timeout=httpx.Timeout(5, read=None)) as client:
    with connect_sse(
        client,
        "GET",
        f"{base}/sse/events",
        params={"sn": serial_number},
        headers=headers_of(cursor),
    ) as source:
        for event in source.iter_sse():
            show(event.data, event.id)
