import { text as readAll } from 'node:stream/consumers';
import type { components, paths } from '@dronecast/client';
import { type Command, InvalidArgumentError } from 'commander';
import { unreachable } from './address.js';
import { type Context, contextOf } from './context.js';
import { Failure } from './failure.js';
import { droneFields, droneTable, print, printJson, withoutSecrets } from './output.js';

type Patch = NonNullable<
  paths['/api/v1/drones/sn/{sn}']['patch']['requestBody']
>['content']['application/json'];
type ListQuery = NonNullable<paths['/api/v1/drones']['get']['parameters']['query']>;
type Drone = components['schemas']['Drone'];

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

const isDrone = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Of an answer of the API. Another server at its address may answer with anything. */
function hasDrones(answer: unknown): boolean {
  const { drones, drone } = (answer as { data?: { drones?: unknown; drone?: unknown } } | null)?.data ?? {};
  return Array.isArray(drones) ? drones.every(isDrone) : isDrone(drone);
}

/** The answer to a request. Throws the failure that a problem detail tells, or that there is no such answer. */
async function answerTo<T>({ apiAddress }: Context, request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await request.catch((cause: Error) => {
    if (cause instanceof SyntaxError)
      throw new Failure(`what answers at ${apiAddress.url} is no Dronecast API`, { cause });
    throw cause instanceof TypeError ? unreachable(apiAddress, cause) : cause;
  });
  if (data !== undefined && hasDrones(data)) return data;
  const { detail } = (error ?? {}) as { detail?: unknown };
  if (typeof detail === 'string') throw new Failure(detail);
  throw new Failure(`what answers at ${apiAddress.url} is no Dronecast API (HTTP ${response.status})`);
}

const flag = (text: string): boolean => {
  if (text !== 'true' && text !== 'false') throw new InvalidArgumentError('true or false.');
  return text === 'true';
};

export function addDrones(program: Command): void {
  const drones = program.command('drones').description('list, read and change drones');
  drones
    .command('list')
    .description('drones in order of serial number')
    .option('--q <text>', 'the start of a serial number, name or alias')
    .option('--category <category>', 'DRONE, BODY CAM or CCTV')
    .option('--stream-is-on <flag>', 'true or false', flag)
    .option('--is-using-ai-detection <flag>', 'true or false', flag)
    .action(list);
  drones.command('get').description('one drone').argument('<serial>').action(get);
  drones
    .command('patch')
    .description('change a drone by JSON merge patch (RFC 7396)')
    .argument('<serial>')
    .argument('<json>', 'such as \'{"streamIsOn":true}\'; - reads it from the standard input')
    .action(patch);
}

async function list(query: ListQuery, command: Command): Promise<void> {
  const context = await contextOf(command);
  const { api, isJson, showsPasswords } = context;
  const found: Drone[] = [];
  let cursor: string | undefined;
  do {
    const page = await answerTo(
      context,
      api.GET('/api/v1/drones', { params: { query: { ...query, limit: 1000, ...(cursor && { cursor }) } } }),
    );
    if (!isJson) found.push(...page.data.drones);
    else
      for (const drone of page.data.drones) await printJson(showsPasswords ? drone : withoutSecrets(drone));
    cursor = page.nextCursor;
  } while (cursor);
  if (!isJson) await print(droneTable(found));
}

async function printDrone(drone: Drone, { isJson, showsPasswords }: Context): Promise<void> {
  const shown = showsPasswords ? drone : withoutSecrets(drone);
  await (isJson ? printJson(shown) : print(droneFields(shown)));
}

async function get(sn: string, _options: object, command: Command): Promise<void> {
  const context = await contextOf(command);
  const { api } = context;
  const { data } = await answerTo(context, api.GET('/api/v1/drones/sn/{sn}', { params: { path: { sn } } }));
  await printDrone(data.drone, context);
}

async function patch(sn: string, text: string, _options: object, command: Command): Promise<void> {
  const context = await contextOf(command);
  const { api } = context;
  const body = parse(text === '-' ? await readAll(process.stdin) : text);
  const { data } = await answerTo(
    context,
    api.PATCH('/api/v1/drones/sn/{sn}', { params: { path: { sn } }, body }),
  );
  await printDrone(data.drone, context);
}

/** The API says what is wrong in it; here it only has to be JSON. */
function parse(text: string): Patch {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('the patch is not JSON', { cause });
  }
}
