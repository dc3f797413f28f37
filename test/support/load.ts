import { type Client, connect, type Item, isForeign, isGap } from '@dronecast/client';
import type { Test } from 'tap';
import { request } from 'undici';
import { call, registration } from './api.js';
import { until } from './queue.js';

const PATH = '/api/v1/drones';

export interface Load {
  /** Ends the writers; resolves with the revision that each drone has come to. */
  stop(): Promise<ReadonlyMap<string, number>>;
  /** Writes that did not succeed. */
  readonly failures: readonly string[];
}

/** Registers drones, and changes each of them again and again, as fast as the API answers. */
export async function startLoad(api: string, drones: readonly string[]): Promise<Load> {
  for (const sn of drones) await call(api, 'POST', `${PATH}/register`, registration(sn));
  let isOver = false;
  const failures: string[] = [];
  const revisions = new Map(drones.map((sn) => [sn, 1]));

  async function write(sn: string): Promise<void> {
    for (let number = 0; !isOver; number += 1) {
      try {
        const { statusCode, body } = await request(`${api}${PATH}/sn/${sn}`, {
          method: 'PATCH',
          // An ingress sends each request where it is taken; a balancer of connections needs one for each.
          reset: true,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ deviceName: `change ${number}` }),
        });
        const text = await body.text();
        if (statusCode === 200) revisions.set(sn, JSON.parse(text).data.drone.revision);
        else failures.push(`${statusCode} ${text}`);
      } catch (error) {
        failures.push(String(error));
      }
    }
  }

  const writers = drones.map(write);
  return {
    failures,
    async stop() {
      isOver = true;
      await Promise.all(writers);
      return revisions;
    },
  };
}

export interface Witness {
  readonly client: Client;
  readonly items: readonly Item[];
}

/** Clients that follow every change, and keep what they see. */
export async function startWitnesses(t: Test, relay: string, count: number): Promise<readonly Witness[]> {
  const witnesses = Array.from({ length: count }, (): Witness => {
    const items: Item[] = [];
    const client = connect({ url: relay, events: ['updated'] });
    t.teardown(() => client.close());
    for (const name of ['event', 'foreign', 'gap'] as const)
      client.on(name, (item: Item) => items.push(item));
    return { client, items };
  });
  await until(() => witnesses.every(({ client }) => client.status.state === 'live'));
  return witnesses;
}

/** The revisions of a drone that a witness saw; a gap, after which anything may be missing, as the word. */
export const seenOf = ({ items }: Witness, sn: string): (number | 'gap')[] =>
  items.flatMap((item): (number | 'gap')[] => {
    if (isGap(item)) return ['gap'];
    return !isForeign(item) && 'revision' in item && item.serialNumber === sn ? [item.revision] : [];
  });

/** Waits until a witness has seen what each drone has come to. */
export const hasSeen = (witness: Witness, revisions: ReadonlyMap<string, number>): Promise<void> =>
  until(() => [...revisions].every(([sn, revision]) => seenOf(witness, sn).at(-1) === revision));
