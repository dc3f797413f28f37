import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import t from 'tap';
import { buildApi } from './build-api.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

type Json = Record<string, unknown>;

/** Every object in a document, with its path. */
function* objectsIn(value: unknown, path = ''): Generator<[string, Json]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Json];
  for (const [name, inner] of Object.entries(value)) yield* objectsIn(inner, `${path}/${name}`);
}

t.test('the OpenAPI document', async (t) => {
  const { call } = await buildApi(t);
  const { body: document } = await call({ url: '/openapi.json' });
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);

  const { valid, errors } = await new Validator().validate(structuredClone(document));
  t.ok(valid, JSON.stringify(errors));
  t.match(document.openapi, /^3\.1/);

  const operations = Object.values<Json>(document.paths).flatMap((path) =>
    METHODS.flatMap((method) => (path[method] ? [path[method] as Json] : [])),
  );
  const bodies = operations.flatMap(({ requestBody }) =>
    requestBody ? Object.values((requestBody as { content: Record<string, Json> }).content) : [],
  );
  t.equal(
    bodies.length,
    8,
    'register, bulk, incident, broadcast; each PATCH under two types, once by id and by serial',
  );
  for (const { schema, example } of bodies) {
    const check = ajv.compile(schema as Json);
    t.ok(check(example), JSON.stringify([example, check.errors]));
  }

  let examined = 0;
  for (const [path, schema] of objectsIn(document)) {
    if (!Array.isArray(schema.examples)) continue;
    const check = ajv.compile(schema);
    for (const example of schema.examples) {
      t.ok(check(example), `${path}: ${JSON.stringify(check.errors)}`);
      examined += 1;
    }
  }
  t.ok(examined > 10, `${examined} examples fit their schemas`);
  t.notOk(
    [...objectsIn(document)].some(([, { items }]) => Array.isArray(items)),
    'tuples are those of draft 2020-12',
  );
});
