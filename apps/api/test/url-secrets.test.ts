import { randomBytes } from 'node:crypto';
import { createAuthenticator } from '@dronecast/auth';
import { createMemoryBus } from '@dronecast/bus';
import fc from 'fast-check';
import t from 'tap';
import { masked, PLAIN_URLS, SECRET_URLS, unmarked } from '../../../test/support/camera-urls.js';
import { createApi } from '../src/app.js';
import { maskUrl } from '../src/drone/redact.js';
import { createCipher } from '../src/store/cipher.js';
import { createSealedStore } from '../src/store/sealed-store.js';
import { buildApi } from './build-api.js';
import { openLmdbStore } from './open-lmdb.js';
import { sampleDrone } from './samples.js';
import { snapshotOf } from './store-contract/context.js';

const BASE = '/api/v1/drones';

t.test('secrets of public URL forms reach nobody who may not see them', async (t) => {
  const { call, bus } = await buildApi(t);
  const told: string[] = [];
  bus.subscribe({ connected() {}, disconnected() {}, message: (_channel, text) => told.push(String(text)) });
  for (const [index, url] of SECRET_URLS.entries()) {
    const payload = {
      ...{ deviceSerialNumber: `URL-${index}`, deviceName: 'Gate', deviceCategory: 'CCTV' },
      ...(url.includes('***') ? {} : { streamUrl: unmarked(url), webRTCUrl: unmarked(url) }),
    };
    const { status, body } = await call({ method: 'POST', url: `${BASE}/register`, payload });
    t.equal(status, 201, url);
    if (url.includes('***')) continue;
    t.match(body.data.drone, { streamUrl: masked(url), webRTCUrl: masked(url) });
    const read = await call({ url: `${BASE}/sn/URL-${index}` });
    t.equal(read.body.data.drone.streamUrl, unmarked(url), 'who may see it gets it whole');
  }
  const listed = await call({ url: `${BASE}?limit=1000` });
  for (const text of [JSON.stringify(listed.body), ...told]) t.notMatch(text, /hush|YWRtaW46|tlJwpbo6|0a1b/);
  t.ok(told.length >= SECRET_URLS.length);
});

t.test('each secret is masked, and nothing but that', async (t) => {
  for (const url of SECRET_URLS) {
    t.equal(maskUrl(unmarked(url)), masked(url), url);
    t.equal(maskUrl(masked(url)), masked(url), 'a masked URL stays as it is');
  }
  for (const url of PLAIN_URLS) t.equal(maskUrl(url), url);
});

t.test('a change of the secret alone is told without the secret', async (t) => {
  const { call, bus } = await buildApi(t);
  const told: string[] = [];
  const url = `${BASE}/sn/ONE`;
  const streamUrl = 'http://cam.example/v?user=pilot&pwd=hush1&rate=0';
  const payload = { deviceSerialNumber: 'ONE', deviceName: 'Gate', deviceCategory: 'CCTV', streamUrl };
  await call({ method: 'POST', url: `${BASE}/register`, payload });
  bus.subscribe({ connected() {}, disconnected() {}, message: (_channel, text) => told.push(String(text)) });
  const patch = async (streamUrl: string) =>
    (await call({ method: 'PATCH', url, payload: { streamUrl } })).body.data.drone;
  t.match(await patch(streamUrl.replace('hush1', 'hush2')), { revision: 2 });
  t.match(await patch(streamUrl.replace('hush1', 'hush2')), { revision: 2 }, 'the same again is no change');
  t.notMatch(told.join('\n'), /hush/);
  t.match(told[0], '"changes":{"streamUrl":"http://cam.example/v?user=***&pwd=***&rate=0"}');
});

t.test('a masked URL that is sent back is made whole for the same host alone', async (t) => {
  const { call } = await buildApi(t);
  const url = `${BASE}/sn/BACK`;
  const payload = { deviceSerialNumber: 'BACK', deviceName: 'Gate', deviceCategory: 'CCTV' };
  await call({ method: 'POST', url: `${BASE}/register`, payload });
  const patch = (streamUrl: string) => call({ method: 'PATCH', url, payload: { streamUrl } });
  const read = async () => (await call({ url })).body.data.drone.streamUrl;

  for (const each of SECRET_URLS.filter((each) => !each.includes('***'))) {
    await patch(unmarked(each));
    t.equal((await patch(masked(each))).status, 200, each);
    t.equal(await read(), unmarked(each));
  }
  const stored = 'rtsp://pilot:hush1@cam.example:554/v?user=ops&pwd=hush2&token=hush3&channel=1';
  const edits: [sent: string, whole: string][] = [
    [
      'rtsps://***@cam.example:554/other?pwd=***&channel=2&user=***',
      'rtsps://pilot:hush1@cam.example:554/other?pwd=hush2&channel=2&user=ops',
    ],
    ['rtsp://new:one@cam.example:554/v?token=***', 'rtsp://new:one@cam.example:554/v?token=hush3'],
    [
      'rtsp://***@cam.example:554/v?user=***&pwd=new',
      'rtsp://pilot:hush1@cam.example:554/v?user=ops&pwd=new',
    ],
    ['http://cam.example:554/#token=***', 'http://cam.example:554/#token=hush3'],
  ];
  for (const [sent, whole] of edits) {
    await patch(stored);
    t.equal((await patch(sent)).status, 200, sent);
    t.equal(await read(), whole);
  }
  await patch(stored);
  for (const sent of [
    'rtsp://evil.example/v?pwd=***',
    'rtsp://cam.example/v?pwd=***',
    'rtsp://cam.example:554/v?passphrase=***',
    'rtsp://cam.example:554/v?pwd=***&pwd=***',
    'rtsp://cam.example:554/v/***',
    'https://evil.example/?src=rtsp://***@cam.example:554/v',
    'https://evil.example/?src=rtsp://cam.example:554/v?pwd=***',
    'https://evil.example/?src=rtsp%3A%2F%2Fcam.example%3A554%2Fv%3Fpwd%3D***',
    'https://evil.example?//cam.example:554/?pwd=***',
    'https://evil.example\\@cam.example:554/?pwd=***',
    'https://evil.example#@cam.example:554/?pwd=***',
    'https://cam.example:554\\@evil.example/?pwd=***',
    'https://cam.example:554?@evil.example/?pwd=***',
    'https://cam.example:554\t.evil.example/?pwd=***',
    'https:\\\\evil.example/?x=//cam.example:554/?pwd=***',
    'https:evil.example/?x=//cam.example:554/?pwd=***',
    'https:/evil.example/?x=//cam.example:554/?pwd=***',
    'https:evil.example?pwd=***',
    'evil.example/?pwd=***',
    '***',
  ]) {
    t.match(await patch(sent), { status: 400, body: { errors: [{ pointer: '/streamUrl' }] } }, sent);
  }
  t.equal(await read(), stored);
});

t.test('whatever is sent back, no stored secret is shown', async (t) => {
  const { call } = await buildApi(t);
  const url = `${BASE}/sn/FUZZ`;
  const streamUrl = 'rtsp://pilot:hush1@cam.example/v?pwd=hush2&src=http%3A%2F%2Fx%2F%3Ftoken%3Dhush3';
  const payload = { deviceSerialNumber: 'FUZZ', deviceName: 'Gate', deviceCategory: 'CCTV', streamUrl };
  await call({ method: 'POST', url: `${BASE}/register`, payload });
  const parts = [
    ...['***', 'rtsp://', 'http://', '//', '/', '?', '#', '&', ';', '@', ':', '%2F%2F', '%3D', '%26', '\\'],
    ...['pwd=', 'src=', 'token=', 'x=', 'cam.example', 'x', 'evil', '_channel=', ' ', '554'],
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...parts), { maxLength: 12 }), async (pieces) => {
      const answer = await call({
        method: 'PATCH',
        url,
        payload: { webRTCUrl: '', streamUrl: pieces.join('') },
      });
      await call({ method: 'PATCH', url, payload: { streamUrl } });
      return !JSON.stringify(answer.body).includes('hush');
    }),
    { numRuns: 1000 },
  );
});

t.test('stored, such URLs are sealed; what was stored plain is masked and read', async (t) => {
  const { store: plain } = await openLmdbStore(t);
  const key = { id: 'now', secret: randomBytes(32) };
  const sealed = createSealedStore(plain, createCipher([key]));
  const urls = SECRET_URLS.map(unmarked);
  for (const [index, streamUrl] of urls.entries()) {
    const drone = sampleDrone(`AT-REST-${index}`, { streamUrl });
    await sealed.register(drone, []);
    t.match((await snapshotOf(plain, `AT-REST-${index}`)).drone.streamUrl, /^sealed:1:now:/, streamUrl);
    t.equal((await snapshotOf(sealed, `AT-REST-${index}`)).drone.streamUrl, streamUrl);
  }
  const streamUrl = 'http://cam.example/v?user=pilot&pwd=hush&rate=0';
  await plain.register(sampleDrone('BEFORE', { streamUrl }), []);
  const app = createApi(
    {
      store: plain,
      bus: createMemoryBus({ maxEvents: 10, maxAgeHours: 1 }),
      authenticator: createAuthenticator({ mode: 'none' }, { log: { warn: t.comment } }),
      limiter: undefined,
    },
    { logLevel: 'silent', corsOrigins: [], credentialsKeys: [key] },
  );
  t.notMatch((await app.inject({ url: `${BASE}?q=BEFORE` })).body, 'hush');
  t.match((await app.inject({ url: `${BASE}/sn/BEFORE` })).body, 'hush');
  const changed = await app.inject({
    method: 'PATCH',
    url: `${BASE}/sn/BEFORE`,
    payload: { streamIsOn: true },
  });
  t.notMatch(changed.body, 'hush');
  t.match((await snapshotOf(plain, 'BEFORE')).drone.streamUrl, /^sealed:1:now:/);
  await app.close();
});

t.test('masking takes time in proportion to the text', async (t) => {
  for (const unit of [
    ...[
      '//',
      'a://',
      '@',
      '=',
      '&=',
      'a=',
      'token=',
      'token=a&',
      'token=a;',
      ';a',
      '?a',
      '#a',
      '_channel',
      '/',
    ],
    ...['a:b/', 'a:b@', '://a:b/', '//a:b/c@', '%25', '%3D', '%2525', 'eyJ', 'eyJ.', '***', ' a', '&', '-.'],
  ]) {
    for (const start of ['', 'rtsp://a:b/', 'rtsp://a:1/', 'x?token=', 'srt://a?streamid='])
      t.ok(maskUrl(start + unit.repeat(100_000 / unit.length)), `${start}${unit}`);
  }
});
