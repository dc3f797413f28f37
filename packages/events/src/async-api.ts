import type { TSchema } from '@sinclair/typebox';
import { EVENT_SCHEMAS } from './events.js';
import { ForeignEvent } from './foreign.js';
import { PollAnswer } from './poll-answer.js';
import { ClientAction, RelayFrame } from './relay-frames.js';

/** What a client asks for in the URL. */
export interface Queries {
  readonly stream: TSchema;
  readonly poll: TSchema;
}

type Payloads = Readonly<Record<string, TSchema>>;

const RELAY_FRAMES: Payloads = Object.fromEntries(
  RelayFrame.anyOf.map((schema) => [schema.properties.event.const, schema]),
);
/** By the one or two actions that a schema is for. */
const CLIENT_ACTIONS: Payloads = Object.fromEntries(
  ClientAction.anyOf.map((schema) => {
    const { action } = schema.properties;
    return [
      'const' in action ? action.const : action.anyOf.map((each) => each.const).join('-or-'),
      schema as TSchema,
    ];
  }),
);
const FRAMES: Payloads = { ...EVENT_SCHEMAS, foreign: ForeignEvent, ...RELAY_FRAMES };
const ANSWERS: Payloads = { 'poll-answer': PollAnswer };
/** What answers a client that can speak. */
const WEB_SOCKET_ONLY = new Set(['relay.subscribed', 'relay.pong', 'relay.authenticated']);
const STREAMED: Payloads = Object.fromEntries(
  Object.entries(FRAMES).filter(([name]) => !WEB_SOCKET_ONLY.has(name)),
);

const ref = (path: string) => ({ $ref: `#/${path}` });

const messagesOf = (payloads: Payloads) =>
  Object.fromEntries(Object.keys(payloads).map((name) => [name, ref(`components/messages/${name}`)]));

const channel = (address: string, description: string, payloads: Payloads) => ({
  address,
  description,
  messages: messagesOf(payloads),
});

const security = [ref('components/securitySchemes/bearer'), ref('components/securitySchemes/query')];

const operation = (action: 'send' | 'receive', name: string, summary: string, payloads: Payloads) => ({
  action,
  summary,
  channel: ref(`channels/${name}`),
  messages: Object.keys(payloads).map((message) => ref(`channels/${name}/messages/${message}`)),
  security,
});

/** How to follow the relay, as AsyncAPI 3 of its own schemas; docs/PROTOCOL.md is the text to it. */
export function createAsyncApi({ stream, poll }: Queries) {
  const asked = (query: TSchema) => ({
    bindings: { http: { method: 'GET', query, bindingVersion: '0.3.0' } },
  });
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Dronecast relay',
      version: '1',
      description: 'Events of drones, body cams and CCTV cameras, on three transports with the same frames.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: {
      webSocket: {
        ...channel('/ws/events', 'A WebSocket: one JSON object a text frame', {
          ...FRAMES,
          ...CLIENT_ACTIONS,
        }),
        bindings: { ws: { method: 'GET', query: stream, bindingVersion: '0.1.0' } },
      },
      eventStream: channel('/sse/events', 'An event stream: the same frames as `data`', STREAMED),
      longPoll: channel('/poll/events', 'One answer after the other', ANSWERS),
    },
    operations: {
      follow: operation('send', 'webSocket', 'What the relay says', FRAMES),
      speak: operation('receive', 'webSocket', 'What a client may say', CLIENT_ACTIONS),
      stream: { ...operation('send', 'eventStream', 'What the relay says', STREAMED), ...asked(stream) },
      poll: { ...operation('send', 'longPoll', 'What the relay answers', ANSWERS), ...asked(poll) },
    },
    components: {
      messages: Object.fromEntries(
        Object.entries({ ...FRAMES, ...CLIENT_ACTIONS, ...ANSWERS }).map(([name, payload]) => [
          name,
          { name, payload },
        ]),
      ),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        query: { type: 'httpApiKey', name: 'access_token', in: 'query' },
      },
    },
  };
}
