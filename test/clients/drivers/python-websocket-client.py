import sys
from urllib.parse import urlencode

import websocket
from event_lines import show, socket_query

base, *query = sys.argv[1:]
app = websocket.WebSocketApp(
    f"{base.replace('http', 'ws')}/ws/events?{urlencode(socket_query(*query))}",
    on_message=lambda _app, message: show(message),
)
app.run_forever()
