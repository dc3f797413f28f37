import type { Drone } from '../../src/drone/drone.js';
import type { DroneQuery, DroneStore } from '../../src/store/drone-store.js';
import { fullDrone } from '../samples.js';
import { oneTo, register, remove, rename, type StoreTest, snapshotOf } from './context.js';

async function list(store: DroneStore, query: Partial<DroneQuery> = {}): Promise<string[]> {
  const { items } = await store.list({ limit: 1000, ...query });
  return items.map(({ deviceSerialNumber }) => deviceSerialNumber);
}

async function registerAll(store: DroneStore, drones: Record<string, Partial<Drone>>): Promise<void> {
  for (const [serialNumber, fields] of Object.entries(drones)) await register(store, serialNumber, fields);
}

/** Reading many drones. */
export function listCases(test: StoreTest): void {
  test('lists drones whole, as they are found', async (t, store) => {
    const { drone } = await register(store, 'DRN-1', fullDrone('DRN-1'));
    t.strictSame((await store.list({ limit: 10 })).items, [drone]);
  });

  test('an empty fleet', async (t, store) => {
    t.same(await list(store), []);
    t.same(await list(store, { after: 'A', prefix: 'A', category: 'CCTV' }), []);
  });

  test('lists in order of serial number, by code point', async (t, store) => {
    const serialNumbers = ['a', 'B', '10', '9', 'A-1', 'A.1', 'A_1', 'A1', 'A', 'b', 'Z'];
    for (const serialNumber of serialNumbers) await register(store, serialNumber);
    t.same(await list(store), [...serialNumbers].sort());
  });

  test('pages through the fleet', async (t, store) => {
    const serialNumbers = ['A', 'A-1', 'A.1', 'B', 'B-1', 'a', 'a-1'];
    for (const serialNumber of serialNumbers) await register(store, serialNumber);
    for (const limit of [1, 2, 3, 7, 8]) {
      const paged: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await list(store, { limit, ...(after !== undefined && { after }) });
        paged.push(...page);
        after = page.at(-1);
        if (page.length < limit) break;
      }
      t.same(paged, serialNumbers, `pages of ${limit}`);
    }
    t.same(await list(store, { after: 'A-0' }), serialNumbers.slice(1), 'after a drone that is gone');
    t.same(await list(store, { after: 'zzz' }), []);
  });

  test('a page ends at about 1 MiB whatever its limit, and the next page continues', async (t, store) => {
    const serialNumbers = oneTo(45).map((i) => `DRN-${100 + i}`);
    // 57 KB each, but for one that is larger than a page.
    const cameras = (serialNumber: string) =>
      Array.from({ length: serialNumber === 'DRN-120' ? 2000 : 95 }, () => '東'.repeat(200));
    for (const serialNumber of serialNumbers)
      await register(store, serialNumber, { cameras: cameras(serialNumber) });

    const pages: string[][] = [];
    for (let after: string | undefined, isMore = true; isMore; after = pages.at(-1)?.at(-1)) {
      const page = await store.list({ limit: 1000, ...(after !== undefined && { after }) });
      const bytes = Buffer.byteLength(JSON.stringify(page.items));
      t.ok(page.items.length === 1 || bytes < 1.1 * 2 ** 20, `${page.items.length} drones, ${bytes} bytes`);
      pages.push(page.items.map(({ deviceSerialNumber }) => deviceSerialNumber));
      isMore = page.isMore;
    }
    t.same(pages.flat(), serialNumbers);
    t.same(
      pages.map(({ length }) => length),
      [18, 1, 1, 18, 7],
    );
    const smaller = await store.list({ limit: 5, prefix: 'DRN-14' });
    t.same([smaller.items.length, smaller.isMore], [5, true]);
    t.equal((await store.list({ limit: 6, prefix: 'DRN-14' })).isMore, false);
    t.match(await store.list({ limit: 5, after: 'DRN-145' }), { items: { length: 0 }, isMore: false });
  });

  test('an aborted list is not read', async (t, store) => {
    await register(store, 'DRN-1');
    const reason = new Error('the caller has gone');
    await t.rejects(store.list({ limit: 1 }, AbortSignal.abort(reason)), reason);
  });

  test('lists only what is owned', async (t, store) => {
    const serialNumbers = ['A', 'A-1', 'A.1', 'AX', 'B', 'a-1'];
    for (const serialNumber of serialNumbers) await register(store, serialNumber);
    const owned = (...names: string[]) => ({ owned: new Set(names) });
    t.same(await list(store, owned('*')), serialNumbers);
    t.same(await list(store, owned('A-*', 'B', 'none')), ['A-1', 'B']);
    t.same(await list(store, owned('A.*')), ['A.1'], 'a dot is a dot');
    t.same(await list(store, { ...owned('A*'), after: 'A-1', limit: 1 }), ['A.1']);
    t.same(await list(store, { ...owned('A*'), prefix: 'b' }), []);
    t.same(await list(store, owned()), []);
  });

  test('lists, finds and pages the serial numbers of real devices', async (t, store) => {
    const sorted = ['A B', 'A#B', 'A+B', 'A-B', 'A/../B', 'A/B', 'A:B', 'A:C', 'A@B', 'AB', 'AC:CC:8E'];
    for (const serialNumber of [...sorted].reverse()) await register(store, serialNumber);
    t.same(await list(store, {}), sorted);
    for (const [index, after] of sorted.entries())
      t.same(await list(store, { after, limit: 1 }), sorted.slice(index + 1, index + 2), after);
    for (const prefix of ['A B', 'A+', 'a/..', 'A:', 'a@', 'A#'])
      t.same(
        await list(store, { prefix }),
        sorted.filter((each) => each.startsWith(prefix.toUpperCase())),
        prefix,
      );
    const owned = (...names: string[]) => ({ owned: new Set(names) });
    t.same(await list(store, owned('A:*', 'A+B', 'A *', 'A/*')), [
      'A B',
      'A+B',
      'A/../B',
      'A/B',
      'A:B',
      'A:C',
    ]);
    for (const serialNumber of sorted)
      t.equal((await snapshotOf(store, serialNumber)).drone.deviceSerialNumber, serialNumber);
  });

  test('takes what was never a serial number as a cursor and finds no drone by it', async (t, store) => {
    for (const serialNumber of ['A', 'b']) await register(store, serialNumber);
    for (const none of [
      ' ',
      '*',
      'all',
      '\0',
      'Ä',
      'x'.repeat(5000),
      'A'.repeat(5000),
      '\uffff',
      '🚁'.repeat(700),
    ]) {
      t.equal(await store.find({ serialNumber: none }), undefined, none.slice(0, 20));
      t.same((await store.listIncidents({ serialNumber: none, limit: 10 })).items, [], none.slice(0, 20));
      t.same(
        await list(store, { after: none }),
        ['A', 'b'].filter((each) => each > none),
        none.slice(0, 20),
      );
    }
  });

  test('filters by category, stream and detection', async (t, store) => {
    await registerAll(store, {
      D1: { deviceCategory: 'DRONE', streamIsOn: true, isUsingAiDetection: true },
      D2: { deviceCategory: 'DRONE', streamIsOn: true },
      B1: { deviceCategory: 'BODY CAM', isUsingAiDetection: true },
      C1: { deviceCategory: 'CCTV' },
    });
    const queries: [Partial<DroneQuery>, string[]][] = [
      [{ category: 'DRONE' }, ['D1', 'D2']],
      [{ category: 'BODY CAM' }, ['B1']],
      [{ category: 'CCTV' }, ['C1']],
      [{ streamIsOn: true }, ['D1', 'D2']],
      [{ streamIsOn: false }, ['B1', 'C1']],
      [{ isUsingAiDetection: true }, ['B1', 'D1']],
      [{ isUsingAiDetection: false }, ['C1', 'D2']],
      [{ streamIsOn: true, isUsingAiDetection: false }, ['D2']],
      [{ category: 'DRONE', streamIsOn: true, isUsingAiDetection: true, prefix: 'd' }, ['D1']],
      [{ category: 'CCTV', streamIsOn: true }, []],
      [{ category: 'DRONE', limit: 1 }, ['D1']],
      [{ category: 'DRONE', limit: 1, after: 'D1' }, ['D2']],
    ];
    for (const [query, expected] of queries)
      t.same(await list(store, query), expected, JSON.stringify(query));
  });

  test('a filter sees the drone as it is now', async (t, store) => {
    await registerAll(store, { A: { deviceName: 'old' }, B: { deviceName: 'old' } });
    await rename(store, 'A', 'new');
    await remove(store, 'B');
    t.same(await list(store, { prefix: 'old' }), []);
    t.same(await list(store, { prefix: 'new' }), ['A']);
  });

  test('finds the start of serial number, name or alias in any case', async (t, store) => {
    await registerAll(store, {
      'North-1': { deviceName: 'Gate', metadata: { alias: 'Ärger', description: 'zulu' } },
      'South-1': { deviceName: 'northern lights', metadata: { alias: '', description: '' } },
      'West-1': { deviceName: 'the north', metadata: { alias: 'NORTHWEST', description: 'north' } },
    });
    const queries: [string, string[]][] = [
      ['', ['North-1', 'South-1', 'West-1']],
      ['nOrTh', ['North-1', 'South-1', 'West-1']],
      ['north-', ['North-1']],
      ['NORTHERN L', ['South-1']],
      ['northwest', ['West-1']],
      ['northwests', []],
      ['ärg', ['North-1']],
      ['zulu', []],
      ['ate', []],
    ];
    for (const [prefix, expected] of queries) t.same(await list(store, { prefix }), expected, prefix);
    t.same(await list(store, { prefix: 'north', after: 'North-1', limit: 1 }), ['South-1']);
  });

  test('takes every character of a prefix as it is', async (t, store) => {
    const names = [
      'a.c',
      'abc',
      'a+',
      'aa',
      '(x',
      '[y]',
      '{2}',
      '$',
      '^',
      '\\d',
      '7',
      '*',
      '|',
      '?',
      '/i',
      '#',
    ];
    names.push(' blank', '%', '_', '-', "'", '"', '\n', '\0x');
    for (const [i, deviceName] of names.entries()) await register(store, `DRN-${100 + i}`, { deviceName });
    for (const [i, prefix] of names.entries()) {
      t.same(await list(store, { prefix }), [`DRN-${100 + i}`], JSON.stringify(prefix));
    }
    for (const prefix of ['.', '.*', 'a|b', '\\', 'a.', '[a-z]', '\\w', '\0']) {
      const expected = names.flatMap((name, i) => (name.startsWith(prefix) ? [`DRN-${100 + i}`] : []));
      t.same(await list(store, { prefix }), expected, JSON.stringify(prefix));
    }
  });
}
