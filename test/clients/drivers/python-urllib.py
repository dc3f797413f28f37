import sys
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from event_lines import EventLines, headers_of

base, serial_number, *cursor = sys.argv[1:]
query = urlencode({"sn": serial_number})
with urlopen(Request(f"{base}/sse/events?{query}", headers=headers_of(cursor))) as answer:
    EventLines().take_all(answer)
