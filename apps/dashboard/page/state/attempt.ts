/** `crypto.randomUUID` needs https. */
const newKey = (): string => Array.from(crypto.getRandomValues(new Uint32Array(4))).join('-');

/**
 * Sends the requests of one form. What is sent again unchanged after a failure has the same `Idempotency-Key`, because
 * the failed request may have been carried out; anything else has another one.
 */
export function createAttempt<B, T>(
  send: (body: B, headers: { 'idempotency-key': string }) => Promise<T>,
): (body: B) => Promise<T> {
  let failed: { text: string; key: string } | undefined;
  return async (body) => {
    const text = JSON.stringify(body);
    const key = failed?.text === text ? failed.key : newKey();
    failed = { text, key };
    const answer = await send(body, { 'idempotency-key': key });
    failed = undefined;
    return answer;
  };
}
