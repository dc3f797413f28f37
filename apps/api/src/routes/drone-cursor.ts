/** What a cursor that is not a serial number as it stands starts with. */
const ENCODED = '~';
/** Serial numbers of earlier versions, which take such a cursor too. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The cursor behind a drone. Older data has serial numbers of any length and characters, the empty one included. */
export const toDroneCursor = (serialNumber: string): string =>
  PLAIN.test(serialNumber) ? serialNumber : `${ENCODED}${Buffer.from(serialNumber).toString('base64url')}`;

/** The serial number that a cursor stands for. Earlier versions gave out serial numbers of any kind as they were. */
export function fromDroneCursor(cursor: string): string {
  if (!cursor.startsWith(ENCODED)) return cursor;
  const serialNumber = Buffer.from(cursor.slice(1), 'base64url').toString();
  return toDroneCursor(serialNumber) === cursor ? serialNumber : cursor;
}
