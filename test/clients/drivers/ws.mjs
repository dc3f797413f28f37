import { WebSocket } from 'ws';
import { show, socketUrlOf } from './message.mjs';

const [base, sn, since] = process.argv.slice(2);
const socket = new WebSocket(socketUrlOf(base, sn, since));
socket.on('message', (data) => show(data));
