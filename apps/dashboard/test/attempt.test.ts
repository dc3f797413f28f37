import t from 'tap';
import { createAttempt } from '../page/state/attempt.js';

t.test('a request has a key of its own, and keeps it until it has succeeded', async (t) => {
  const keys: string[] = [];
  let isAway = false;
  const send = createAttempt(async (body: { message: string }, headers: { 'idempotency-key': string }) => {
    keys.push(headers['idempotency-key']);
    if (isAway) throw new Error('away');
    return body.message;
  });
  t.equal(await send({ message: 'a' }), 'a');
  isAway = true;
  await t.rejects(send({ message: 'a' }), /away/);
  await t.rejects(send({ message: 'b' }), /away/);
  await t.rejects(send({ message: 'b' }), /away/);
  isAway = false;
  await send({ message: 'b' });
  await send({ message: 'b' });
  const [first, again, ...others] = keys;
  t.not(again, first);
  t.equal(new Set(others.slice(0, 3)).size, 1, 'sent again unchanged');
  t.equal(new Set(keys).size, 4);
});
