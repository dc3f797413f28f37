import { type Static, Type } from '@sinclair/typebox';
import { KINDS } from './channels.js';

const relayFrame = <E extends string, D extends Parameters<typeof Type.Object>[0]>(event: E, data: D) =>
  Type.Object({ type: Type.Literal('relay'), event: Type.Literal(event), data: Type.Object(data) });

const cursor = Type.String({ description: 'opaque; hand it back as `since`' });
const serialNumbers = Type.Array(Type.String(), { description: 'serials and `abc*` prefixes; empty = all' });
const Kinds = Type.Array(Type.Union(KINDS.map((kind) => Type.Literal(kind))), {
  description: 'event kinds; empty = all',
});

/** Codes of `relay.error`. */
export const RELAY_ERRORS = [
  'malformed_json',
  'invalid_action',
  'invalid_filter',
  'forbidden',
  'invalid_token',
  'unavailable',
] as const;
export type RelayErrorCode = (typeof RELAY_ERRORS)[number];

/** What the relay itself says on a socket, apart from events. */
export const RelayFrame = Type.Union([
  relayFrame('relay.connected', {
    clientId: Type.String(),
    cursor,
    resumed: Type.Boolean(),
    heartbeatMs: Type.Integer({ description: 'milliseconds between two heartbeats' }),
  }),
  relayFrame('relay.subscribed', { sn: serialNumbers, events: Kinds, cursor }),
  relayFrame('relay.heartbeat', { cursor }),
  relayFrame('relay.pong', { cursor }),
  relayFrame('relay.gap', { cursor, reason: Type.String() }),
  relayFrame('relay.draining', { retryAfterMs: Type.Integer() }),
  relayFrame('relay.expiring', {
    expiresInMs: Type.Integer({ description: 'milliseconds until the socket is closed' }),
  }),
  relayFrame('relay.authenticated', {
    expiresInMs: Type.Optional(Type.Integer({ description: 'milliseconds; absent when access never ends' })),
  }),
  relayFrame('relay.error', {
    code: Type.Union(RELAY_ERRORS.map((code) => Type.Literal(code))),
    message: Type.String(),
    sn: Type.Optional(Type.Array(Type.String(), { description: 'what is forbidden' })),
  }),
]);
export type RelayFrame = Static<typeof RelayFrame>;

const names = Type.Array(Type.String(), { maxItems: 100 });

/**
 * What a client may send. `subscribe` replaces the part of the filter that it names; `unsubscribe` takes the named
 * serials or kinds out of it.
 */
export const ClientAction = Type.Union([
  Type.Object(
    {
      action: Type.Union([Type.Literal('subscribe'), Type.Literal('unsubscribe')]),
      sn: Type.Optional(names),
      events: Type.Optional(names),
    },
    { additionalProperties: false },
  ),
  Type.Object({ action: Type.Literal('ping') }, { additionalProperties: false }),
  Type.Object(
    { action: Type.Literal('authenticate'), token: Type.String({ maxLength: 8192 }) },
    { additionalProperties: false },
  ),
]);
export type ClientAction = Static<typeof ClientAction>;

export const encodeRelayFrame = (frame: RelayFrame): string => JSON.stringify(frame);
