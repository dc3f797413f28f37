/** A single space stands between two other characters. The first and the last character are a letter or digit. */
const NEW_SERIAL_NUMBER = /^(?!all$)[A-Za-z0-9](?:(?: ?[A-Za-z0-9._:/@+#-])* ?[A-Za-z0-9])?$/;
/** Earlier versions also registered what ends with `.`, `_` or `-`. */
const SERIAL_NUMBER = /^(?!all$)[A-Za-z0-9](?:[A-Za-z0-9._-]*|(?: ?[A-Za-z0-9._:/@+#-])* ?[A-Za-z0-9])$/;
const NAME = /^(?!all$)[A-Za-z0-9](?:[A-Za-z0-9._-]*|(?: ?[A-Za-z0-9._:/@+#-])* ?[A-Za-z0-9*])$|^\*$/;

/** Characters of a serial number, and of a prefix with its `*`, at most. */
export const MAX_NAME_LENGTH = 64;

/** Sources of the regular expressions, for schemas; they don't limit the length. */
export const NEW_SERIAL_NUMBER_PATTERN = NEW_SERIAL_NUMBER.source;
export const SERIAL_NUMBER_PATTERN = SERIAL_NUMBER.source;
export const NAME_PATTERN = NAME.source;

export const isSerialNumber = (value: string): boolean =>
  value.length <= MAX_NAME_LENGTH && SERIAL_NUMBER.test(value);

/** Whether a drone can be registered under this serial number. */
export const isNewSerialNumber = (value: string): boolean =>
  value.length <= MAX_NAME_LENGTH && NEW_SERIAL_NUMBER.test(value);

export const isDroneName = (value: string): boolean => value.length <= MAX_NAME_LENGTH && NAME.test(value);

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
