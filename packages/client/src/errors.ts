/** The relay will not have this client as it is: connecting again would change nothing. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    message: string,
    /** HTTP status, or close code of the WebSocket. */
    readonly code: number,
  ) {
    super(message);
  }
}

/** A connection that could not be had or kept; the client goes on trying. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** The relay refused what was said, such as a filter that names drones of others; the connection stays. */
export class RelayError extends Error {
  override readonly name = 'RelayError';

  constructor(
    message: string,
    /** Code of `relay.error`. */
    readonly code: string,
  ) {
    super(message);
  }
}
