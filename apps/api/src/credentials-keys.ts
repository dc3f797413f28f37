import { ConfigError } from '@dronecast/runtime';
import type { CredentialsKey, CredentialsKeys } from './store/cipher.js';

const KEY = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)$/;

/** The keys of `CREDENTIALS_KEY`. Throws ConfigError, which never shows them. */
export function parseCredentialsKeys(text: string): CredentialsKeys {
  const keys = text.split(',').map((part, index): CredentialsKey => {
    const [, id = '', secret = ''] = KEY.exec(part.trim()) ?? [];
    if (!id) {
      throw new ConfigError(
        `CREDENTIALS_KEY must be a comma list of keyId:key, a key being 32 bytes in base64; number ${index + 1} is not`,
      );
    }
    return { id, secret: Buffer.from(secret, 'base64') };
  });
  const twice = keys.find(({ id }, index) => keys.findIndex((other) => other.id === id) < index);
  if (twice) throw new ConfigError(`CREDENTIALS_KEY has two keys with the id ${twice.id}`);
  const [first, ...others] = keys as [CredentialsKey, ...CredentialsKey[]];
  return [first, ...others];
}
