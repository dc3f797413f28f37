import sys

import requests
from event_lines import EventLines, headers_of

base, serial_number, *cursor = sys.argv[1:]
answer = requests.get(f"{base}/sse/events", params={"sn": serial_number}, headers=headers_of(cursor), stream=True)
answer.raise_for_status()
EventLines().take_all(answer.iter_lines())
