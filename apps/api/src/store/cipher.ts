import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { isSealed, SEALED_PREFIX } from '../drone/sealed.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface CredentialsKey {
  /** Stands in what is encrypted with the key. */
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}

/** Keys, the one that encrypts first; all of them decrypt. */
export type CredentialsKeys = readonly [CredentialsKey, ...CredentialsKey[]];

/**
 * Encrypts secrets for one owner each: taken to another owner, what is stored cannot be read. Text that is not encrypted
 * stays readable, and what no key opens stays as it is, through both.
 */
export function createCipher(keys: CredentialsKeys) {
  const [current] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));

  return {
    seal(text: string, owner: string): string {
      if (text === '' || isSealed(text)) return text;
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, current.secret, nonce).setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${SEALED_PREFIX}${current.id}:${sealed.toString('base64url')}`;
    },

    open(text: string, owner: string): string {
      if (!isSealed(text)) return text;
      const [id = '', data = ''] = text.slice(SEALED_PREFIX.length).split(':');
      const key = byId.get(id);
      const sealed = Buffer.from(data, 'base64url');
      if (!key || sealed.length < NONCE_BYTES + TAG_BYTES) return text;
      const decipher = createDecipheriv(ALGORITHM, key.secret, sealed.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(owner))
        .setAuthTag(sealed.subarray(-TAG_BYTES));
      try {
        const body = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([body, decipher.final()]).toString('utf8');
      } catch {
        return text; // Another key under the same id, or another drone's.
      }
    },
  };
}

export type Cipher = ReturnType<typeof createCipher>;
