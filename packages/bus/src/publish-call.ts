import { copyChannel, SYSTEM_BROADCAST_CHANNEL } from '@dronecast/events';
import type { Outbox, OutboxEntry } from './event-bus.js';
import { namesKey, seqKey } from './redis-keys.js';
import { eventBytes } from './trim-script.js';

/** A script call holds up everybody else's commands, so it carries hardly more than this. */
const MAX_CALL_BYTES = 256 * 1024;
/** Of an entry beside its events. */
const ENTRY_BYTES = 100;
const FIELD_NAMES_BYTES = 'channel'.length + 'event'.length;

/** One call of the script that publishes. */
export interface PublishCall {
  readonly keys: string[];
  readonly args: string[];
  /** Of each outbox in the call; undefined where it has no key. */
  readonly outboxKeys: (string | undefined)[];
  /** What the call adds to the history. */
  bytes: number;
  events: number;
  hasBroadcast: boolean;
}

const emptyCall = (): PublishCall => ({
  keys: [],
  args: [],
  outboxKeys: [],
  bytes: 0,
  events: 0,
  hasBroadcast: false,
});

function addEntry(call: PublishCall, args: string[], { seq, name = '', events }: OutboxEntry): void {
  args.push(String(seq), name, String(events.length));
  call.bytes += ENTRY_BYTES;
  for (const { channel, body } of events) {
    args.push(channel, copyChannel(channel) ?? '', body);
    call.bytes += eventBytes(FIELD_NAMES_BYTES + Buffer.byteLength(channel) + Buffer.byteLength(body));
    call.events += 1;
    call.hasBroadcast ||= channel === SYSTEM_BROADCAST_CHANNEL;
  }
}

/** Cuts outboxes, between entries, into script calls of bounded size. What is cut off an outbox follows it as a tail. */
export function* splitCalls(outboxes: readonly Outbox[]): Generator<PublishCall> {
  let call = emptyCall();
  for (const { key, entries, isTail, head, behind, ttlSeconds } of outboxes) {
    let from = 0;
    while (from < entries.length) {
      let to = from;
      const args: string[] = [];
      while (to < entries.length && (call.bytes < MAX_CALL_BYTES || to === from)) {
        const entry = entries[to++];
        if (entry) addEntry(call, args, entry);
      }
      if (key !== undefined) call.keys.push(seqKey(key), namesKey(key));
      call.outboxKeys.push(key);
      call.args.push(
        isTail || from > 0 ? 'tail' : 'whole',
        String(head ?? ''),
        String(behind ?? ''),
        String(ttlSeconds ?? ''),
        key === undefined ? '0' : '1',
        String(to - from),
        ...args,
      );
      from = to;
      if (call.bytes >= MAX_CALL_BYTES) {
        yield call;
        call = emptyCall();
      }
    }
  }
  if (call.args.length > 0) yield call;
}
