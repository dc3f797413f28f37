import { EventSource } from 'undici';
import { show, streamUrlOf } from './message.mjs';

const [base, sn] = process.argv.slice(2);
const source = new EventSource(streamUrlOf(base, sn));
source.onmessage = ({ data, lastEventId }) => show(data, lastEventId);
// While it waits to reconnect, it lets a process end that has nothing else to do.
process.stdin.resume();
