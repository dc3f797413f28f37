import { type ConnectOptions, connect, type Kind, RefusedError, type Status } from '@dronecast/client';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Address, unreachable } from './address.js';
import { contextOf } from './context.js';
import { Failure } from './failure.js';
import { itemLine, print, printJson, withoutSecrets } from './output.js';

interface TailOptions {
  readonly sn?: string[];
  readonly events?: Kind[];
  readonly since?: string;
  readonly transport: NonNullable<ConnectOptions['transport']>;
}

const list = (text: string, before: string[] = []): string[] => {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.length === 0) throw new InvalidArgumentError('Name at least one.');
  return [...before, ...names];
};

export function addTail(program: Command): void {
  program
    .command('tail')
    .description('follow events; Ctrl-C ends it')
    .option('--sn <serials>', 'serial numbers and prefixes (abc*), as a comma list or repeated', list)
    .option('--events <kinds>', 'created, updated, deleted, stream, ai, config, incident, system', list)
    .option('--since <cursor>', 'go on after this id')
    .addOption(
      new Option('--transport <name>', 'how to connect')
        .choices(['auto', 'ws', 'sse', 'poll'])
        .default('auto'),
    )
    .action(tail);
}

/** Why a client is offline, with the relay's address. */
const explain = (relay: Address, { reason, error }: Status & { state: 'offline' }): Error =>
  reason === 'unreachable' && error.cause instanceof Error
    ? unreachable(relay, error)
    : new Failure(`${relay.url}: ${error.message}`, { cause: error });

async function tail({ sn, events, since, transport }: TailOptions, command: Command): Promise<void> {
  const { relay, token, isJson, showsPasswords } = await contextOf(command);
  const client = connect({
    url: relay.url,
    transport,
    ...(token && { token }),
    ...(sn && { sn }),
    ...(events && { events }),
    ...(since && { cursor: { load: () => since, save() {} } }),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void client.close());
  client.on('warning', (error) => console.error(`dronecast: ${error.message}`));
  let misuse: RangeError | undefined;
  client.on('status', (status) => {
    if (status.state === 'live') console.error(`dronecast: live by ${status.transport}`);
    if (status.state !== 'offline') return;
    const error = explain(relay, status);
    if (error instanceof RangeError) {
      misuse = error;
      void client.close();
    } else console.error(`dronecast: ${error.message}; trying again`);
  });
  try {
    for await (const item of client) {
      const shown = showsPasswords ? item : withoutSecrets(item);
      await (isJson ? printJson(shown) : print(itemLine(shown)));
    }
  } catch (error) {
    throw error instanceof RefusedError
      ? new Failure(`${relay.url}: ${error.message}`, { cause: error })
      : error;
  }
  if (misuse) throw misuse;
}
