import { readFile } from 'node:fs/promises';
import t, { type Test } from 'tap';
import { requiresSystem } from '../support/system.js';
import { REST_CLIENTS, STREAM_CLIENTS } from './clients.js';
import { type Following, follow } from './following.js';
import { useRest } from './rest.js';
import { startInstallation, startStandalone } from './targets.js';
import { findToolchain, pinnedClients } from './toolchain.js';

/** What clients may decode wrongly, or take for the end of a line. Together longer than one read. */
const CAMERAS = Array.from(
  { length: 40 },
  (_, index) => `${index} ${'Dröhne 🚁 "a\\b" \u2028\u0085 '.repeat(7)}`,
);

const TARGETS = [
  { name: 'standalone', start: startStandalone, skip: false },
  { name: 'relay', start: startInstallation, skip: !requiresSystem(t) && 'servers missing' },
] as const;

/** Two for each client: one that needs encoding in a URL, and one that does not. */
const namesOf = (index: number): [string, string] => {
  const byte = index.toString(16).padStart(2, '0').toUpperCase();
  return [`AC:CC:8E:0F:12:${byte}`, `DRN-${index}`];
};

/** Each event is seen before the next one is caused, and then some at once. */
async function expectEvents(t: Test, following: Following): Promise<void> {
  await following.expectGreeting(t);
  await following.change({ deviceName: 'first' });
  await following.expectChange(t, { changes: { deviceName: 'first' } });
  await following.change({ cameras: CAMERAS });
  await following.expectChange(t, { full: { cameras: CAMERAS } });
  const burst = ['a', 'b', 'c', 'd', 'e'];
  for (const deviceName of burst) await following.change({ deviceName });
  for (const deviceName of burst) await following.expectChange(t, { changes: { deviceName } });
}

const NPM_CLIENTS = ['@microsoft/fetch-event-source', 'eventsource', 'reconnecting-websocket', 'wscat'];

const commandOf = await findToolchain(t);

for (const { name, start, skip } of TARGETS)
  t.test(name, { skip }, async (t) => {
    const target = await start(t);
    const followings: Following[] = [];

    for (const [index, client] of REST_CLIENTS.entries()) {
      const command = commandOf(client.driver);
      if (!command) continue;
      await t.test(`REST: ${client.name}`, (t) =>
        useRest(t, command, target.api, [`AC:CC:8E:0F:13:0${index}`, `REST-${index}`]),
      );
    }

    for (const [index, client] of STREAM_CLIENTS.entries()) {
      const command = commandOf(client.driver);
      if (!command) continue;
      const started = namesOf(index).map((sn) => follow(t, target, client, command, sn));
      await t.test(`${client.transport}: ${client.name}`, async (t) => {
        const [odd, plain] = await Promise.all(started);
        await expectEvents(t, odd!);
        followings.push(odd!);
        await expectEvents(t, plain!);
        await plain!.stop();
      });
    }

    await target.interrupt(async () => {
      for (const following of followings)
        for (const deviceName of ['missed', 'missed too']) await following.change({ deviceName });
    });
    // Those that reconnect by themselves first wait for a few seconds.
    followings.sort((a, b) => Number(a.client.reconnects ?? false) - Number(b.client.reconnects ?? false));
    for (const following of followings)
      await t.test(`${following.client.transport}: ${following.client.name} resumes`, async (t) => {
        await following.expectResumption(t);
        for (const deviceName of ['missed', 'missed too'])
          await following.expectChange(t, { changes: { deviceName } });
        await following.change({ deviceName: 'live' });
        await following.expectChange(t, { changes: { deviceName: 'live' } });
        await following.stop();
      });
  });

t.test('the document names each client that is pinned', async (t) => {
  const document = await readFile('docs/CONSUMERS.md', 'utf8');
  const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const npm = NPM_CLIENTS.map((name) => `${name} ${devDependencies[name]}`);
  for (const client of [...npm, ...(await pinnedClients())]) t.ok(document.includes(client), client);
});
