/** All keys share one hash tag, so that one script may touch any of them on a cluster too. */
export const HASH_TAG = '{dronecast}';

export const STREAM_KEY = `${HASH_TAG}:events`;
export const EPOCH_KEY = `${HASH_TAG}:epoch`;
/** How many bytes the stream has, and up to which of its events: see {@link TRIM}. */
export const TALLY_KEY = `${HASH_TAG}:history`;
export const MARKS_KEY = `${HASH_TAG}:history:marks`;
export const leaseKey = (name: string): string => `${HASH_TAG}:lease:${name}`;
export const seqKey = (outboxKey: string): string => `${HASH_TAG}:seq:${outboxKey}`;
/** Apart from the seq, which earlier versions read as a number. */
export const namesKey = (outboxKey: string): string => `${HASH_TAG}:names:${outboxKey}`;
/** A list of the last broadcasts, newest first, each as it was sent. */
export const BROADCASTS_KEY = `${HASH_TAG}:broadcasts`;
/** Written so that WAIT has something to wait for. */
export const WAIT_KEY = `${HASH_TAG}:wait`;
/** What {@link createSharedLimiter} of the API counts under. */
export const RATE_PREFIX = `${HASH_TAG}:rate`;
