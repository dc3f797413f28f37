import sys

import requests
import sseclient
from event_lines import headers_of, show

base, serial_number, *cursor = sys.argv[1:]
answer = requests.get(f"{base}/sse/events", params={"sn": serial_number}, headers=headers_of(cursor), stream=True)
answer.raise_for_status()
for event in sseclient.SSEClient(answer).events():
    show(event.data, event.id)
