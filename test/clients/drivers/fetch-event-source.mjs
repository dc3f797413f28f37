import { fetchEventSource } from '@microsoft/fetch-event-source';
import { show, streamUrlOf } from './message.mjs';

// It is written for pages.
globalThis.window = globalThis;
const [base, sn] = process.argv.slice(2);
await fetchEventSource(streamUrlOf(base, sn).href, {
  openWhenHidden: true,
  onmessage: ({ data, id }) => show(data, id),
  onclose() {
    throw new Error('A stream that has ended counts as finished, unless this throws.');
  },
});
