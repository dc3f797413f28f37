import { WebSocket } from 'undici';
import { show, socketUrlOf } from './message.mjs';

const [base, sn, since] = process.argv.slice(2);
const socket = new WebSocket(socketUrlOf(base, sn, since));
socket.onmessage = ({ data }) => show(data);
