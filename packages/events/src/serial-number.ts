import { type Static, Type } from '@sinclair/typebox';

/**
 * A drone's public key: 1-64 letters, digits, `.`, `_` or `-`, starting with a letter or digit.
 * `all` is reserved, because `drone:all:*` are the fleet's channels.
 */
export const SerialNumber = Type.String({
  pattern: '^(?!all$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  description: "1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved",
  examples: ['DRN-0042'],
});
export type SerialNumber = Static<typeof SerialNumber>;

const PATTERN = new RegExp(SerialNumber.pattern as string);

export const isSerialNumber = (value: string): boolean => PATTERN.test(value);

/** Names drones: one, those that share a prefix, or all. */
export const DroneName = Type.String({
  pattern: `${SerialNumber.pattern}|^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,62})?\\*$`,
  description: 'a serial number, a prefix like abc*, or *',
});

const NAME_PATTERN = new RegExp(DroneName.pattern as string);

export const isDroneName = (value: string): boolean => NAME_PATTERN.test(value);

/**
 * Whether `names` (serial numbers and prefixes) match every drone that `name` matches. The work is bounded by the length
 * of `name`, however many names there are.
 */
export function covers(names: ReadonlySet<string>, name: string): boolean {
  if (names.has(name) || names.has('*')) return true;
  const text = name.endsWith('*') ? name.slice(0, -1) : name;
  if (names.size <= text.length) {
    for (const other of names) if (other.endsWith('*') && text.startsWith(other.slice(0, -1))) return true;
    return false;
  }
  for (let length = 1; length <= text.length; length += 1)
    if (names.has(`${text.slice(0, length)}*`)) return true;
  return false;
}
