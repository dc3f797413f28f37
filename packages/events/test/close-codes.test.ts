import t from 'tap';
import { CLOSE_CODES, CloseCode } from '../src/index.js';

const codes = Object.values(CloseCode);

t.test('each close code has an action and a meaning, and nothing else has', async (t) => {
  t.same(Object.keys(CLOSE_CODES).map(Number).sort(), [...codes].sort());
  for (const code of codes) {
    const { action, meaning } = CLOSE_CODES[code];
    t.ok(['resume', 'retry', 'fatal'].includes(action), `${code}: ${action}`);
    t.match(meaning, /^\S.*\S$/, `${code}: ${meaning}`);
    t.ok(Buffer.byteLength(meaning) <= 123, 'it fits into a close frame');
  }
});

t.test('each close code is its own, and one that may be sent', async (t) => {
  t.equal(new Set(codes).size, codes.length);
  for (const code of codes) {
    const isStandard = code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
    t.ok(isStandard || (code >= 4000 && code <= 4999), `${code}`);
  }
});
