import type { Test } from 'tap';
import { call, registration } from '../support/api.js';
import type { StreamClient } from './clients.js';
import { type Driver, type Message, startDriver } from './driver.js';
import type { Target } from './targets.js';

const DRONES = '/api/v1/drones';
/** Frames that come at any time. */
const ANY_TIME = ['relay.heartbeat', 'relay.draining'];

/** A client that follows a device of its own. */
export interface Following {
  readonly client: StreamClient;
  expectGreeting(t: Test): Promise<void>;
  /** Changes the device by REST. */
  change(body: object): Promise<void>;
  /** The client shows the oldest change that it has not shown yet. */
  expectChange(t: Test, data?: object): Promise<void>;
  /** After an interruption the client reconnects, or is started again, with its cursor. */
  expectResumption(t: Test): Promise<void>;
  stop(): Promise<void>;
}

/** Registers a device, and starts a client that follows it. */
export async function follow(
  t: Test,
  { api, events, endsInOrder }: Target,
  client: StreamClient,
  command: readonly string[],
  sn: string,
): Promise<Following> {
  const poll = `/poll/events?sn=${encodeURIComponent(sn)}`;
  const { cursor: before } = (await call(events, 'GET', `${poll}&wait=0`)).body;
  const { status } = await call(api, 'POST', `${DRONES}/register`, registration(sn));
  if (status !== 201) throw new Error(`registration of ${sn} is ${status}`);
  // Whoever connects after this no longer gets the event of the registration.
  await call(events, 'GET', `${poll}&since=${before}`);
  const start = (...args: string[]): Driver<Message> => startDriver(t, [...command, events, sn, ...args]);

  let driver = start();
  /** Of the last message. */
  let cursor = '';
  let revision = 1;

  const next = () =>
    driver.lines.find((line) => 'ended' in line || !ANY_TIME.includes(line.frame.event ?? ''));

  /** The next message is whole, and an event stream has given the client the cursor that is in it. */
  async function expectNext(t: Test, frame: object): Promise<void> {
    const message = await next();
    t.match(message, { frame });
    if ('ended' in message) throw new Error(`${client.name} has ended: ${message.ended}`);
    cursor = message.frame.id ?? message.frame.data.cursor;
    if (client.transport === 'event stream') t.equal(message.lastEventId, cursor);
  }

  return {
    client,
    expectGreeting: (t) => expectNext(t, { event: 'relay.connected', data: { resumed: false } }),
    async change(body) {
      const { status } = await call(api, 'PATCH', `${DRONES}/sn/${encodeURIComponent(sn)}`, body);
      if (status !== 200) throw new Error(`PATCH of ${sn} is ${status}`);
    },
    expectChange(t, data = {}) {
      revision += 1;
      return expectNext(t, { event: 'drone.updated', serialNumber: sn, revision, id: String, data });
    },
    async expectResumption(t) {
      if (!client.reconnects) {
        const isClean = endsInOrder && client.transport === 'event stream';
        t.match(await next(), { ended: isClean ? /^0 $/ : String });
        driver = start(cursor);
      }
      await expectNext(t, { event: 'relay.connected', data: { resumed: true } });
    },
    stop: () => driver.stop(),
  };
}
