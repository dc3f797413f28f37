/** A failure that one line tells; the process exits with 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}
