import { EventSource } from 'eventsource';
import { show, streamUrlOf } from './message.mjs';

const [base, sn] = process.argv.slice(2);
const source = new EventSource(streamUrlOf(base, sn));
source.onmessage = ({ data, lastEventId }) => show(data, lastEventId);
