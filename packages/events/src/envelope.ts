import type { EventDraft } from './events.js';

/** An event ready to publish: its channel and its JSON text, which has no `id` yet. */
export interface EventMessage {
  readonly channel: string;
  readonly body: string;
}

export const encodeEvent = (event: EventDraft): EventMessage => ({
  channel: event.channel,
  body: JSON.stringify(event),
});

/** The frame's text: `id` goes in front of the body's first member, so that nothing has to be parsed. */
export const withId = (cursor: string, body: string): string => `{"id":"${cursor}",${body.slice(1)}`;

/** What each of our frames of `epoch` starts with, and a foreign message does not. */
export const framePrefix = (epoch: string): string => `{"id":"${epoch}.`;
