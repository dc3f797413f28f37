import { type Static, Type } from '@sinclair/typebox';
import { MAX_NAME_LENGTH, NAME_PATTERN, NEW_SERIAL_NUMBER_PATTERN, SERIAL_NUMBER_PATTERN } from './name.js';

const limits = {
  maxLength: MAX_NAME_LENGTH,
  description:
    "1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved",
};

/** A drone's public key. `all` is reserved, because `drone:all:*` are the fleet's channels. */
export const SerialNumber = Type.String({
  ...limits,
  pattern: SERIAL_NUMBER_PATTERN,
  examples: ['DRN-0042'],
});
export type SerialNumber = Static<typeof SerialNumber>;

/** A {@link SerialNumber} that can be registered. Older ones may also end with `.`, `_` or `-`. */
export const NewSerialNumber = Type.String({
  ...limits,
  pattern: NEW_SERIAL_NUMBER_PATTERN,
  examples: ['DRN-0042', 'AC:CC:8E:0F:12:34'],
});

/** Names drones: one, those that share a prefix, or all. */
export const DroneName = Type.String({
  maxLength: MAX_NAME_LENGTH,
  pattern: NAME_PATTERN,
  description: 'a serial number, a prefix like abc*, or *',
});
