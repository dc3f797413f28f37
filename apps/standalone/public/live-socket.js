import { CLOSE_CODES } from './protocol.js';

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 10_000;
/** How long a new connection may stay silent. */
const FIRST_FRAME_MS = 10_000;
/** Heartbeats that may be missed before the connection counts as dead. */
const MISSED_HEARTBEATS = 2;

/** Full jitter: many clients that lost the same server do not come back at the same moment. */
const backOff = (attempt) => Math.random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeClose({ code, reason }) {
  const known = CLOSE_CODES[code];
  const meaning = known?.meaning ?? (reason || (code === 1006 ? 'the connection broke' : 'no reason given'));
  return `${code}, ${meaning}`;
}

/**
 * Follows events on a WebSocket, and reconnects by itself with the last cursor, until it is closed or told that it is
 * no use. `onState(name, text)` gets `connecting`, `connected`, `reconnecting` or `closed`; `onFrame(text, frame)` each
 * frame.
 */
export function createLiveSocket({ onState, onFrame }) {
  let filter = new URLSearchParams();
  let socket;
  let cursor;
  let attempt = 0;
  let reconnection;
  let watchdog;
  let silenceMs = FIRST_FRAME_MS;

  /** From now on the socket is nobody's, whatever it still does. */
  function abandon() {
    clearTimeout(reconnection);
    clearTimeout(watchdog);
    const old = socket;
    socket = undefined;
    old?.close(1000);
  }

  function reconnectAfter(why) {
    abandon();
    const delay = backOff(attempt);
    attempt += 1;
    onState('reconnecting', `Reconnecting in ${(delay / 1000).toFixed(1)} s, attempt ${attempt} (${why})`);
    reconnection = setTimeout(open, delay);
  }

  function expectSignOfLife() {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => reconnectAfter('no sign of life'), silenceMs);
  }

  function receive(text) {
    const frame = parse(text);
    cursor = frame?.id ?? ((frame?.type === 'relay' && frame.data?.cursor) || cursor);
    if (frame?.event === 'relay.connected') {
      attempt = 0;
      silenceMs = frame.data.heartbeatMs * (MISSED_HEARTBEATS + 0.5);
      onState('connected', 'Connected');
    }
    expectSignOfLife();
    onFrame(text, frame);
  }

  function open() {
    const url = new URL('/ws/events', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    url.search = new URLSearchParams([...filter, ...(cursor ? [['since', cursor]] : [])]);
    const opened = new WebSocket(url);
    socket = opened;
    silenceMs = FIRST_FRAME_MS;
    expectSignOfLife();
    onState('connecting', attempt === 0 ? 'Connecting' : `Connecting, attempt ${attempt}`);
    opened.addEventListener('message', ({ data }) => {
      if (opened === socket) receive(data);
    });
    opened.addEventListener('close', (event) => {
      if (opened !== socket) return;
      const isFatal = CLOSE_CODES[event.code]?.action === 'fatal';
      if (!isFatal) return reconnectAfter(describeClose(event));
      abandon();
      onState('closed', `Closed: ${describeClose(event)}`);
    });
  }

  return {
    /** Starts anew with another filter (`URLSearchParams`). */
    connect(newFilter) {
      abandon();
      filter = newFilter;
      cursor = undefined;
      attempt = 0;
      open();
    },
    close() {
      abandon();
      onState('closed', 'Disconnected');
    },
  };
}
