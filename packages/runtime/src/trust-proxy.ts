import { isIP } from 'node:net';
import { ConfigError } from './config.js';

/** Ranges by the names that Fastify knows. */
const RANGES = ['loopback', 'linklocal', 'uniquelocal'];

/** Whose `X-Forwarded-For` is believed: that of the last so many hops, or of these addresses; nobody's unless said. */
export type TrustProxy = string[] | ((address: string, hop: number) => boolean) | false;

function isRange(text: string): boolean {
  const [, address = '', bits] = /^([^/%]+)(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return RANGES.includes(text);
  return bits === undefined || Number(bits) <= (version === 4 ? 32 : 128);
}

/**
 * The value of `TRUST_PROXY`. To believe everybody is no choice: whoever calls could say which address it calls from.
 * Throws ConfigError.
 */
export function toTrustProxy(text: string): TrustProxy {
  if (text === '') return false;
  if (/^\d$/.test(text)) return (_address, hop) => hop < Number(text);
  const ranges = text.split(',').map((range) => range.trim());
  if (ranges.every(isRange)) return ranges;
  throw new ConfigError(
    `TRUST_PROXY must be a number of hops from 0 to 9, or a comma list of addresses, ranges like 10.0.0.0/8, ${RANGES.join(', ')}`,
  );
}
