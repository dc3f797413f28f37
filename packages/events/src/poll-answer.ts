import { type Static, Type } from '@sinclair/typebox';
import { EVENT_SCHEMAS } from './events.js';
import { ForeignEvent } from './foreign.js';
import { RelayFrame } from './relay-frames.js';

/** The body of a long-poll's answer. */
export const PollAnswer = Type.Object({
  events: Type.Array(Type.Union([...Object.values(EVENT_SCHEMAS), ForeignEvent, RelayFrame]), {
    description: 'frames, in their order',
  }),
  cursor: Type.String({ description: 'opaque; hand it back as `since` in the next request' }),
});
export type PollAnswer = Static<typeof PollAnswer>;
