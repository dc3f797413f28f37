import ReconnectingWebSocket from 'reconnecting-websocket';
import { WebSocket } from 'ws';
import { show, socketUrlOf } from './message.mjs';

const [base, sn] = process.argv.slice(2);
let since;
const socket = new ReconnectingWebSocket(() => socketUrlOf(base, sn, since).href, [], { WebSocket });
socket.onmessage = ({ data }) => {
  const frame = JSON.parse(data);
  // A `relay.connected` that a gap follows has no cursor to keep; here none follows.
  since = frame.id ?? frame.data.cursor ?? since;
  show(data);
};
