/** A third-party program that follows events. To test another one, add its driver and a line here. */
export interface StreamClient {
  readonly name: string;
  readonly transport: 'event stream' | 'WebSocket';
  /** In `drivers`. Its arguments are base URL, serial number and, when it resumes, a cursor. */
  readonly driver: string;
  /** It reconnects by itself. Others end with their connection, and are started again with a cursor. */
  readonly reconnects?: true;
}

export const STREAM_CLIENTS: readonly StreamClient[] = [
  { name: 'Java HttpClient', transport: 'event stream', driver: 'JavaEventStream.java' },
  { name: 'requests, sseclient-py', transport: 'event stream', driver: 'requests-sseclient.py' },
  { name: 'requests, iter_lines', transport: 'event stream', driver: 'requests-iter-lines.py' },
  { name: 'httpx-sse', transport: 'event stream', driver: 'python-httpx-sse.py' },
  { name: 'aiohttp', transport: 'event stream', driver: 'python-aiohttp-sse.py' },
  { name: 'urllib', transport: 'event stream', driver: 'python-urllib.py' },
  { name: 'Go net/http', transport: 'event stream', driver: 'go/event-stream' },
  { name: 'curl --http2', transport: 'event stream', driver: 'curl-http2.sh' },
  { name: 'eventsource', transport: 'event stream', driver: 'eventsource.mjs', reconnects: true },
  {
    name: 'undici EventSource',
    transport: 'event stream',
    driver: 'undici-eventsource.mjs',
    reconnects: true,
  },
  {
    name: 'fetch-event-source',
    transport: 'event stream',
    driver: 'fetch-event-source.mjs',
    reconnects: true,
  },
  { name: 'Java HttpClient', transport: 'WebSocket', driver: 'JavaWebSocket.java' },
  { name: 'websockets', transport: 'WebSocket', driver: 'python-websockets.py' },
  { name: 'websocket-client', transport: 'WebSocket', driver: 'python-websocket-client.py' },
  { name: 'aiohttp', transport: 'WebSocket', driver: 'python-aiohttp-websocket.py' },
  { name: 'gorilla/websocket', transport: 'WebSocket', driver: 'go/gorilla-websocket' },
  { name: 'coder/websocket', transport: 'WebSocket', driver: 'go/coder-websocket' },
  { name: 'ws', transport: 'WebSocket', driver: 'ws.mjs' },
  { name: 'undici WebSocket', transport: 'WebSocket', driver: 'undici-websocket.mjs' },
  { name: 'wscat', transport: 'WebSocket', driver: 'wscat.mjs' },
  {
    name: 'reconnecting-websocket',
    transport: 'WebSocket',
    driver: 'reconnecting-websocket.mjs',
    reconnects: true,
  },
];

/** A third-party program that calls the API. */
export interface RestClient {
  readonly name: string;
  /** In `drivers`. Its argument is the base URL; standard input says what to request, see `rest.ts`. */
  readonly driver: string;
}

export const REST_CLIENTS: readonly RestClient[] = [
  { name: 'Java HttpClient', driver: 'JavaRest.java' },
  { name: 'requests', driver: 'requests-rest.py' },
  { name: 'httpx', driver: 'python-httpx-rest.py' },
  { name: 'Go net/http', driver: 'go/rest' },
  { name: 'curl --http2', driver: 'curl-http2-rest.sh' },
];
