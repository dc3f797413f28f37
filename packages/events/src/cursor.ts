/** A place in the history: Redis stream id `ms-n`. */
export interface StreamId {
  readonly ms: number;
  readonly n: number;
}

/** A client's place: `epoch` names one life of the history, so that a place in a lost one is never mistaken. */
export interface Cursor {
  readonly epoch: string;
  readonly id: StreamId;
}

/** The place before the first event. */
export const STREAM_START: StreamId = { ms: 0, n: 0 };

const STREAM_ID = /^(\d{1,15})-(\d{1,15})$/;
const CURSOR = /^([a-z0-9]{1,16})\.(\d{1,15}-\d{1,15})$/;

export function parseStreamId(text: string): StreamId | undefined {
  const match = STREAM_ID.exec(text);
  return match ? { ms: Number(match[1]), n: Number(match[2]) } : undefined;
}

export const formatStreamId = ({ ms, n }: StreamId): string => `${ms}-${n}`;

/** Negative when `a` is older than `b`, 0 when they are one place. */
export const compareStreamIds = (a: StreamId, b: StreamId): number => a.ms - b.ms || a.n - b.n;

/** Clients hand the text back unread. */
export const formatCursor = ({ epoch, id }: Cursor): string => `${epoch}.${formatStreamId(id)}`;

/** Undefined when `text` is no cursor of ours. */
export function parseCursor(text: string): Cursor | undefined {
  const [, epoch, streamId] = CURSOR.exec(text) ?? [];
  const id = streamId ? parseStreamId(streamId) : undefined;
  return epoch && id ? { epoch, id } : undefined;
}
