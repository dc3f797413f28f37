import * as events from '@dronecast/events';
import { Type } from '@sinclair/typebox';
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import type { Test } from 'tap';
import { buildApi } from '../../../apps/api/test/build-api.js';

/** What the client's types are made of: the API's own document, and the schemas of all that a relay sends. */
export async function readDocument(t: Test): Promise<OpenAPI3> {
  const { app } = await buildApi(t);
  await app.ready();
  const document = app.swagger() as unknown as OpenAPI3;
  const schemas = {
    ...events.EVENT_SCHEMAS,
    Drone: events.PublicDrone,
    Incident: events.Incident,
    Kind: Type.Union(events.KINDS.map((kind) => Type.Literal(kind))),
    RelayFrame: events.RelayFrame,
  };
  return { ...document, components: { schemas: JSON.parse(JSON.stringify(schemas)) } };
}

const HEAD =
  '// Made from the OpenAPI document and packages/events by `pnpm --filter @dronecast/client generate`.\n\n';

export const toTypes = async (document: OpenAPI3): Promise<string> =>
  HEAD + astToString(await openapiTypescript(document, { alphabetize: true }));
