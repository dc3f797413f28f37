import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
const PREFIX = randomBytes(5).toString('hex');
let count = 0;

/** A caller's `X-Request-Id`, so that one id follows a request through all services, else a new one. */
export function toRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  if (typeof given === 'string' && REQUEST_ID.test(given)) return given;
  count += 1;
  return `${PREFIX}-${count.toString(36)}`;
}
