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
