import { request } from 'undici';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: each answer has its own shape, and the tests assert it.
  readonly body: any;
}

/** Calls a REST API; a body that is no string is sent as JSON. */
export async function call(
  base: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await request(`${base}${path}`, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: body === undefined || typeof body === 'string' ? (body as string) : JSON.stringify(body),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

/** A registration with what is required. */
export const registration = (deviceSerialNumber: string, more: object = {}) => ({
  deviceSerialNumber,
  deviceName: `Device ${deviceSerialNumber}`,
  deviceCategory: 'DRONE',
  ...more,
});
