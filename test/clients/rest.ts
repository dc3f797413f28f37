import type { Test } from 'tap';
import { registration } from '../support/api.js';
import { startDriver } from './driver.js';

/** An answer as a client gave it to its driver. */
interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly type: string | null;
  readonly body: unknown;
}

/** Registers devices, changes and reads them under conditions, and is refused. */
export async function useRest(t: Test, command: readonly string[], api: string, names: readonly string[]) {
  const { lines, say, stop } = startDriver<Answer>(t, [...command, api]);
  const ask = async (method: string, path: string, header = '', body?: object) => {
    say([method, path, header, body ? JSON.stringify(body) : ''].join('\t'));
    const answer = await lines.next();
    if ('ended' in answer) throw new Error(`the client has ended: ${answer.ended}`);
    return answer;
  };
  for (const sn of names) {
    const path = `/api/v1/drones/sn/${encodeURIComponent(sn)}`;
    t.match(await ask('POST', '/api/v1/drones/register', '', registration(sn)), { status: 201 }, sn);
    const read = await ask('GET', path);
    t.match(read, { status: 200, body: { data: { drone: { deviceSerialNumber: sn, revision: 1 } } } });
    t.match(await ask('GET', path, `If-None-Match: ${read.etag}`), {
      status: 304,
      etag: read.etag,
      body: null,
    });
    const changed = await ask('PATCH', path, `If-Match: ${read.etag}`, { deviceName: 'changed' });
    t.match(changed, { status: 200, etag: String });
    t.match(await ask('PATCH', path, `If-Match: ${read.etag}`, { deviceName: 'late' }), {
      status: 412,
      type: 'application/problem+json',
      body: { status: 412, code: 'precondition_failed', title: 'Precondition Failed', detail: String },
    });
    t.match(await ask('GET', path, `If-None-Match: ${read.etag}`), {
      status: 200,
      etag: changed.etag,
      body: { data: { drone: { deviceName: 'changed', revision: 2 } } },
    });
  }
  await stop();
}
