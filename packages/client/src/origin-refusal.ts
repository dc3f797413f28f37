import { RefusedError } from './errors.js';

/**
 * Why a fetch from a page failed, if the server refuses the page's origin: a browser withholds the answer and does not say
 * so, but any page may read what `address`, `/poll/origin` of a relay or `/api/v1/origin` of an API, answers. Undefined when
 * that is not the reason, and outside of pages.
 */
export async function findOriginRefusal(
  address: URL,
  signal: AbortSignal,
): Promise<RefusedError | undefined> {
  // Undefined in Node.
  const origin = globalThis.origin as string | undefined;
  if (origin === undefined || origin === address.origin || signal.aborted) return undefined;
  try {
    // Without a token: a header would make the browser ask for permission first, which is refused.
    const answer = await fetch(address, { cache: 'no-store', credentials: 'omit', signal });
    if (answer.status !== 403) return undefined;
    const { code, detail } = (await answer.json()) as { code?: string; detail?: string };
    return code === 'origin_not_allowed' && detail ? new RefusedError(detail, 403) : undefined;
  } catch {
    return undefined;
  }
}
