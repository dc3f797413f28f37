import t from 'tap';
import { buildApi } from './build-api.js';

const BASE = '/api/v1/drones';
const good = { deviceSerialNumber: 'ALT-1', deviceName: 'Gate', deviceCategory: 'DRONE' };
const seen = { imageUrl: 'https://images.example/1.jpg', objectBBox: [0, 0, 10, 10] };
const point = (...coordinates: number[]) => ({ type: 'Point', coordinates });

t.test('the third coordinate of an incident is its altitude', async (t) => {
  const { call, bus } = await buildApi(t);
  await call({ method: 'POST', url: `${BASE}/register`, payload: good });
  const told: string[] = [];
  bus.subscribe({
    connected() {},
    disconnected() {},
    message: (channel, text) => channel === 'drone:ALT-1:incident' && told.push(String(text)),
  });
  const url = `${BASE}/sn/ALT-1/incidents`;
  const report = (more: object, key = '') =>
    call({
      method: 'POST',
      url,
      payload: { ...seen, ...more },
      headers: key ? { 'idempotency-key': key } : {},
    });
  const cases: [sent: object, kept: { coordinates?: object; altitude?: number }][] = [
    [{ coordinates: point(8.5, 47.25, 120.5) }, { coordinates: point(8.5, 47.25), altitude: 120.5 }],
    [
      { coordinates: point(8.5, 47.25), altitude: -3 },
      { coordinates: point(8.5, 47.25), altitude: -3 },
    ],
    [
      { coordinates: point(8.5, 47.25, 0), altitude: 0 },
      { coordinates: point(8.5, 47.25), altitude: 0 },
    ],
    [{ coordinates: point(8.5, 47.25) }, { coordinates: point(8.5, 47.25) }],
    [{ altitude: 9000 }, { altitude: 9000 }],
    [{}, {}],
  ];
  for (const [sent, kept] of cases) {
    const name = JSON.stringify(sent);
    const position = ({ coordinates, altitude }: { coordinates?: object; altitude?: number }) =>
      JSON.stringify({ coordinates, altitude });
    const answer = await report(sent);
    t.equal(answer.status, 201, name);
    t.equal(position(answer.body.data.incident), position(kept), name);
    const [listed] = (await call({ url: `${url}?limit=1` })).body.data.incidents;
    t.equal(position(listed), position(kept), name);
    t.equal(position(JSON.parse(told.at(-1) ?? '').data.incident), position(kept), name);
  }
  const first = await report({ coordinates: point(1, 2, 3) }, 'again');
  const again = await report({ coordinates: point(1, 2), altitude: 3 }, 'again');
  t.same(again.body, first.body, 'both forms are one report');
  t.match(await report({ coordinates: point(1, 2, 4) }, 'again'), { status: 422 });
  t.match(await report({ coordinates: point(1, 2, 3), altitude: 4 }), {
    status: 422,
    body: { code: 'altitudes_differ', errors: [{ pointer: '/altitude' }] },
  });
});
