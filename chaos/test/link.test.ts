import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { type Link, startLink } from '../src/link.js';

/** A link to a server that sends back what it gets. */
async function startEcho(t: Test): Promise<{ link: Link; served: Socket[] }> {
  const served: Socket[] = [];
  const server = createServer((socket) => {
    served.push(socket.on('error', () => {}));
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link = await startLink((server.address() as { port: number }).port);
  t.teardown(async () => {
    await link.close();
    server.close();
  });
  return { link, served };
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  return String((await once(socket, 'data'))[0]);
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()));

const join = ({ port }: Link): Socket => connect(port, '127.0.0.1').on('error', () => {});

t.test('lets everything through, and its end', async (t) => {
  const { link, served } = await startEcho(t);
  const socket = join(link);
  t.equal(await echo(socket, 'hello'), 'hello');
  served[0]?.end('goodbye');
  t.equal(String((await once(socket, 'data'))[0]), 'goodbye');
  await closed(socket);
});

t.test('cut: ends all connections and takes none until it is healed', async (t) => {
  const { link } = await startEcho(t);
  const socket = join(link);
  await echo(socket, 'hello');
  link.cut();
  await closed(socket);
  const refused = join(link);
  await closed(refused);
  link.heal();
  t.equal(await echo(join(link), 'again'), 'again');
});

t.test('swallow: nobody is told, and old connections stay dead', async (t) => {
  const { link, served } = await startEcho(t);
  const socket = join(link);
  await echo(socket, 'hello');
  let heard = '';
  socket.on('data', (data) => {
    heard += data;
  });
  link.swallow();
  socket.write('into the void');
  link.heal();
  t.equal(await echo(join(link), 'new'), 'new');
  t.equal(heard, '');
  t.equal(socket.destroyed, false);
  socket.destroy();
  t.equal(await echo(join(link), 'newer'), 'newer');
  t.equal(served[0]?.destroyed, false, 'the other end never learns of it');
  served[0]?.destroy();
});
