import { readFileSync } from 'node:fs';
import { SCOPES, signToken } from '@dronecast/auth';
import t, { type Test } from 'tap';
import { Pool } from 'undici';
import type { Answer as ApiAnswer } from './support/api.js';
import { testFolder } from './support/folder.js';
import { requiresMongo, startMongo } from './support/mongo-server.js';
import { startProcess } from './support/process.js';
import { until } from './support/queue.js';
import { rawRequest } from './support/raw-request.js';
import { requiresRedis, startRedis } from './support/redis-server.js';
import { connectSocket, type Frame } from './support/socket-client.js';

const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const DRONES = '/api/v1/drones';
const GOOD = 'GOOD';
const AT_ONCE = 8;

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example: object }>>;
  };
}

interface Route extends Operation {
  readonly method: string;
  readonly path: string;
}

/** Queries of the relay, which the API's document leaves out. */
const STREAMS: readonly Route[] = [
  ['/poll/events', ['sn', 'events', 'since', 'wait', 'limit'], []],
  ['/sse/events', ['sn', 'events', 'since'], ['last-event-id']],
].map(([path, query, headers]) => ({
  method: 'get',
  path: path as string,
  parameters: [
    ...(query as string[]).map((name) => ({ in: 'query', name })),
    ...(headers as string[]).map((name) => ({ in: 'header', name })),
  ],
}));
/** Headers that any route reads. */
const HEADERS = [
  ...['authorization', 'origin', 'host', 'traceparent', 'x-request-id', 'accept', 'expect', 'content-type'],
  ...['if-match', 'if-none-match', 'idempotency-key', 'x-forwarded-for', 'x-forwarded-host', 'range'],
];

const TEXTS = (
  JSON.parse(
    readFileSync(new URL('../clients/conformance/texts.json', import.meta.url), 'utf8'),
  ) as readonly { name: string; json?: string; repeat?: [string, number] }[]
).map(({ name, json, repeat: [part, times] = ['', 0] }) => {
  const text = json ?? JSON.stringify(part.repeat(times));
  return { name, json: text, value: JSON.parse(text) as unknown };
});
type Text = (typeof TEXTS)[number];
const STRINGS = TEXTS.flatMap((text) =>
  typeof text.value === 'string' ? [{ ...text, value: text.value }] : [],
);

/** Percent-encoded UTF-8; half a surrogate pair as the bytes that it would have. */
const encode = (text: string): string =>
  [...text]
    .map((character) => {
      if (character.isWellFormed()) return encodeURIComponent(character);
      const code = character.charCodeAt(0);
      return `%ED%${(0x80 | ((code >> 6) & 0x3f)).toString(16)}%${(0x80 | (code & 0x3f)).toString(16)}`;
    })
    .join('');

type Path = readonly (string | number)[];

/** Where a body may have text; `undefined` as the last step stands for a member's name. */
function* placesOf(
  schema: Schema,
  path: Path = [],
): Generator<{ path: Path; format?: string; isName?: true }> {
  const forms = [schema, ...(schema.anyOf ?? []), ...(schema.anyOf ?? []).flatMap(({ anyOf = [] }) => anyOf)];
  const text = forms.find(({ type }) => type === 'string');
  if (text) yield { path, ...(text.format && { format: text.format }) };
  for (const { type, properties = {}, items } of forms) {
    if (type === 'object') yield { path, isName: true };
    for (const [name, inner] of Object.entries(properties)) yield* placesOf(inner, [...path, name]);
    if (type === 'array' && items) yield* placesOf(items, [...path, 0]);
  }
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce((inner, step) => (inner as Record<string | number, unknown> | undefined)?.[step], value);

const MARK = 'here';

/** The body with a JSON text at a place. */
function withText(example: object, path: Path, isName: boolean, { json }: Text): string {
  const body = structuredClone(example) as Record<string, unknown>;
  let inner = body as Record<string | number, unknown>;
  for (const [index, step] of path.entries()) {
    const isLast = index === path.length - 1;
    const next = typeof path[index + 1] === 'number' ? [] : {};
    if (isLast && !isName) inner[step] = MARK;
    else {
      if (typeof inner[step] !== 'object' || inner[step] === null) inner[step] = next;
      inner = inner[step] as Record<string | number, unknown>;
    }
  }
  if (isName) inner[MARK] = 1;
  return JSON.stringify(body).replace(`"${MARK}"`, () => json);
}

const toPointer = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

type Answer = Pick<ApiAnswer, 'status' | 'body'>;

/** Sends every text through every place of every route. `apiUrl` and `relayUrl` may be one. */
async function sendTexts(t: Test, apiUrl: string, relayUrl: string): Promise<void> {
  const token = await signToken(
    { sub: 'tests', scope: SCOPES.join(' '), drones: '*', expiresInSeconds: 3600 },
    SECRET,
  );
  const pool = new Pool(apiUrl, { connections: AT_ONCE });
  t.teardown(() => pool.close());
  const client = await connectSocket(t, `${relayUrl.replace('http', 'ws')}/ws/events`, {
    protocols: ['dronecast', `bearer.${token}`],
  });
  const events = new Map<string, Frame>();
  client.socket.on('message', (data) => {
    const frame = JSON.parse(String(data));
    const { incident, message } = frame.data ?? {};
    events.set(incident?.id ?? message ?? `${frame.serialNumber} ${frame.revision}`, frame);
  });
  /** What is wrong, with an example each. */
  const faults = new Map<string, string>();
  let count = 0;

  function judge(
    what: string,
    text: Text,
    status: number,
    type: string | undefined,
    body: string,
    names: readonly string[],
  ): Answer {
    count += 1;
    const fail = (why: string): void => {
      if (!faults.has(`${what}: ${why}`))
        faults.set(`${what}: ${why}`, `${text.name}: ${status} ${body.slice(0, 300)}`);
    };
    let parsed: Answer['body'];
    if (status >= 500) fail('the server failed');
    if (body === '') {
      if (![204, 304].includes(status)) fail('no body');
    } else if (!/^application\/(?:problem\+)?json/.test(type ?? '')) fail(`answered ${type}`);
    else {
      try {
        parsed = JSON.parse(body);
      } catch {
        fail('no JSON');
      }
      if (status >= 400 && (parsed?.status !== status || typeof parsed?.code !== 'string'))
        fail('no problem detail');
      if (status === 400 && names.length > 0 && !names.some((name) => body.toLowerCase().includes(name)))
        fail('does not name the field');
    }
    return { status, body: parsed };
  }

  async function ask(
    what: string,
    text: Text,
    method: string,
    path: string,
    body?: string,
    contentType = 'application/json',
    names: readonly string[] = [],
  ): Promise<Answer> {
    const answer = await pool.request({
      path,
      method: method.toUpperCase() as 'GET',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': contentType }),
      },
      body: body ?? null,
    });
    return judge(
      what,
      text,
      answer.statusCode,
      answer.headers['content-type'] as string | undefined,
      await answer.body.text(),
      names,
    );
  }

  const raw = async (
    what: string,
    text: Text,
    { method, path }: Route,
    headers: readonly (readonly [string, string])[],
    body: string | undefined,
    names: readonly string[],
    port: number,
  ): Promise<void> => {
    const given = new Set(headers.map(([name]) => name));
    const all: (readonly [string, string])[] = [
      ['host', '127.0.0.1'],
      ['authorization', `Bearer ${token}`],
      ...(body === undefined
        ? []
        : ([
            ['content-type', 'application/json'],
            ['content-length', `${Buffer.byteLength(body)}`],
          ] as const)),
    ];
    const answer = await rawRequest(port, {
      method: method.toUpperCase(),
      path,
      headers: [...all.filter(([name]) => !given.has(name)), ...headers],
      ...(body !== undefined && { body }),
    });
    if (answer.headers['content-type']?.startsWith('text/event-stream')) return;
    judge(what, text, answer.status, answer.headers['content-type'], answer.text, names);
  };

  const plain: Text = { name: 'no text', json: '', value: undefined };
  const register = (sn: string) =>
    ask(
      'register',
      plain,
      'POST',
      `${DRONES}/register`,
      JSON.stringify({ deviceSerialNumber: sn, deviceName: sn, deviceCategory: 'DRONE' }),
    );
  const { body: good } = await register(GOOD);
  const values: Readonly<Record<string, string>> = { sn: GOOD, id: good.data.drone.id };
  const fill = (path: string, more: Readonly<Record<string, string>> = {}): string =>
    path.replace(/\{(\w+)\}/g, (_, name: string) => more[name] ?? values[name] ?? name);

  const { body: document } = await ask('the document', plain, 'GET', '/openapi.json');
  const routes = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, operations]) =>
      Object.entries(operations).map(([method, operation]): Route => ({ ...operation, method, path })),
  );
  t.ok(routes.length > 10, `${routes.length} routes`);

  const tasks: (() => Promise<void>)[] = [];
  const expected: { key: string; check(event: Frame): boolean; what: string }[] = [];
  let serial = 0;

  /** One place of one body: the texts one after the other, on a drone of its own. */
  function bodyTask(
    { method, path }: Route,
    contentType: string,
    example: object,
    place: { path: Path; format?: string; isName?: true },
  ): void {
    const pointer = toPointer(place.path);
    const what = `${method} ${path} (${contentType}) ${pointer}${place.isName ? '/*' : ''}`;
    tasks.push(async () => {
      serial += 1;
      const sn = `TEXT-${serial}`;
      const own = (await register(sn)).body.data.drone;
      const isRegistration = 'deviceSerialNumber' in example;
      const isBulk = 'drones' in example;
      for (const [index, text] of TEXTS.entries()) {
        if (place.isName && typeof text.value !== 'string') continue;
        const base = isRegistration
          ? { ...example, deviceSerialNumber: `${sn}-${index}` }
          : 'message' in example
            ? { ...example, message: `${sn}-${index}` }
            : isBulk
              ? { ...example, drones: [{ serialNumber: sn }] }
              : example;
        const body = withText(base, place.path, place.isName ?? false, text);
        const names = place.isName ? [] : [`"pointer":"${pointer.toLowerCase()}`, 'json_too_deep'];
        const { status, body: answer } = await ask(
          what,
          text,
          method,
          fill(path, { sn, id: own.id }),
          body,
          contentType,
          names,
        );
        if (status >= 300) continue;
        const inner = place.isName ? [...place.path, text.value as string] : [...place.path];
        if (isBulk) {
          const [result] = answer.data.results;
          if (result.status >= 500)
            faults.set(`${what}: the change failed`, `${text.name}: ${result.status}`);
          if (result.status !== 200 || inner.shift() !== 'patch') continue;
        }
        const changed = isBulk ? await ask(what, text, 'GET', `${DRONES}/sn/${sn}`) : { body: answer };
        const { drone, incident, broadcast } = changed.body.data;
        const wanted = JSON.stringify(place.isName ? 1 : text.value);
        const isSame = (value: unknown): boolean =>
          place.format === 'date-time' ||
          inner.at(-1) === 'port' ||
          JSON.stringify(at(value, inner)) === wanted;
        const fail = (why: string, value: unknown): void =>
          void faults.set(
            `${what}: ${why}`,
            `${text.name}: ${JSON.stringify(at(value, inner))?.slice(0, 200)}`,
          );
        if (inner.at(-1) !== 'password' && !isSame(drone ?? incident ?? broadcast))
          fail('answered otherwise', drone ?? incident ?? broadcast);
        if (drone) {
          const read = await ask(
            `${what}, read`,
            text,
            'GET',
            `${DRONES}/sn/${encode(drone.deviceSerialNumber)}`,
          );
          if (!isSame(read.body.data.drone)) fail('read otherwise', read.body.data.drone);
        }
        const isSecret = ['streamUrl', 'webRTCUrl', 'streamCredentials'].includes(String(inner[0]));
        const key = incident?.id ?? broadcast?.message ?? `${drone.deviceSerialNumber} ${drone.revision}`;
        const told = ({ data }: Frame): unknown =>
          incident ? data.incident : broadcast ? data : (data.full ?? drone);
        expected.push({
          key,
          what: `${what}: ${text.name}`,
          check: (event) => isSecret || isSame(told(event)),
        });
      }
    });
  }

  for (const route of [...routes, ...STREAMS]) {
    const { method, path, parameters = [], requestBody } = route;
    const isStream = STREAMS.includes(route);
    const noWait = (name: string): string => (path === '/poll/events' && name !== 'wait' ? '&wait=0' : '');
    const { port } = new URL(isStream ? relayUrl : apiUrl);
    const contents = Object.entries(requestBody?.content ?? {});
    for (const [contentType, { schema, example }] of contents)
      for (const place of placesOf(schema)) bodyTask(route, contentType, example, place);
    const [first] = contents;
    const body = first && JSON.stringify(first[1].example);
    const headers = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
    for (const name of new Set([...headers, ...(isStream || path.endsWith('/sn/{sn}') ? HEADERS : [])])) {
      const what = `${method} ${path}, header ${name}`;
      tasks.push(async () => {
        for (const text of STRINGS) {
          // What ends a line would be another header.
          if (/[\r\n]/.test(text.value) || method === 'delete') continue;
          const value = Buffer.from(text.value).toString('latin1');
          await raw(
            what,
            text,
            { ...route, path: path === '/poll/events' ? `${path}?wait=0` : fill(path) },
            [[name, value]],
            body,
            [name, 'malformed_request'],
            Number(port),
          );
        }
      });
    }
    for (const { in: where, name } of parameters) {
      if (where !== 'query' && where !== 'path') continue;
      const what = `${method} ${path}, ${where} ${name}`;
      tasks.push(async () => {
        for (const text of STRINGS) {
          const value = encode(text.value);
          const target =
            where === 'path'
              ? fill(path, { [name]: value })
              : `${fill(path)}?${name}=${value}${noWait(name)}`;
          const names = [`"pointer":"/${name.toLowerCase()}"`, 'malformed_url'];
          if (isStream) await raw(what, text, { ...route, path: target }, [], body, names, Number(port));
          else await ask(what, text, method, target, body, first?.[0], names);
        }
      });
    }
  }

  const worker = async (): Promise<void> => {
    for (let task = tasks.shift(); task; task = tasks.shift()) await task();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));

  const last = await ask(
    'the good drone',
    plain,
    'PATCH',
    `${DRONES}/sn/${GOOD}`,
    '{"deviceName":"still here"}',
  );
  t.equal(last.body.data.drone.deviceName, 'still here');
  await until(() => events.has(`${GOOD} ${last.body.data.drone.revision}`));
  await until(() => expected.every(({ key }) => events.has(key)));
  for (const { key, check, what } of expected)
    if (!check(events.get(key) as Frame)) faults.set(`${what}, told otherwise`, key);
  t.ok(expected.length > 200, `${count} requests, ${expected.length} changes`);
  t.same(Object.fromEntries(faults), {});
}

const ENV = { AUTH_MODE: 'jwt', JWT_SECRET: SECRET, RATE_LIMIT_PER_MINUTE: '0' };

t.test('texts through every route of the standalone', async (t) => {
  const { url } = await startProcess(t, 'apps/standalone/dist/server.js', {
    ...ENV,
    DATA_DIR: testFolder(t),
  });
  await sendTexts(t, url, url);
});

t.test(
  'texts through every route over MongoDB and Redis',
  { skip: !(requiresMongo(t) && requiresRedis(t)) && 'servers missing' },
  async (t) => {
    const [mongo, redis] = await Promise.all([startMongo(t), startRedis(t)]);
    const env = { ...ENV, MONGODB_URL: mongo.url, REDIS_URL: redis.url };
    const [api, relay] = await Promise.all([
      startProcess(t, 'apps/api/dist/server.js', env),
      startProcess(t, 'apps/relay/dist/server.js', env),
    ]);
    for (const { url } of [api, relay]) await until(async () => (await fetch(`${url}/health/ready`)).ok);
    await sendTexts(t, api.url, relay.url);
  },
);
