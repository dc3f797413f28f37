import { type ConnectOptions, connect, type Kind } from '@dronecast/client';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { contextOf } from './context.js';
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

async function tail({ sn, events, since, transport }: TailOptions, command: Command): Promise<void> {
  const { url, token, isJson, showsPasswords } = contextOf(command);
  const client = connect({
    url,
    transport,
    ...(token && { token }),
    ...(sn && { sn }),
    ...(events && { events }),
    ...(since && { cursor: { load: () => since, save() {} } }),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void client.close());
  client.on('warning', (error) => console.error(`dronecast: ${error.message}`));
  client.on('status', (status) => {
    if (status.state === 'offline') console.error(`dronecast: ${status.error.message}; trying again`);
    else if (status.state === 'live') console.error(`dronecast: live by ${status.transport}`);
  });
  for await (const item of client) {
    const shown = showsPasswords ? item : withoutSecrets(item);
    await (isJson ? printJson(shown) : print(itemLine(shown)));
  }
}
