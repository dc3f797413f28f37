/** A block of an event stream. */
export interface Message {
  /** The last `id` so far. */
  readonly id: string | undefined;
  /** Undefined in a block of `id` alone. */
  readonly data: string | undefined;
}

export interface Handlers {
  message(message: Message): void;
  /** Milliseconds to wait before reconnecting. */
  retry(ms: number): void;
}

/** Reads the text of an event stream, however it is cut (HTML standard, section 9.2.6). */
export function createSseParser({ message, retry }: Handlers) {
  /** What came of the line that has not ended yet. */
  let parts: string[] = [];
  let heldBack = '';
  let id: string | undefined;
  let data: string[] = [];
  let hasId = false;

  function field(name: string, value: string): void {
    if (name === 'data') data.push(value);
    else if (name === 'retry' && /^\d+$/.test(value)) retry(Number(value));
    else if (name === 'id' && !value.includes('\0')) {
      id = value;
      hasId = true;
    }
  }

  function line(text: string): void {
    if (text !== '') {
      const colon = text.indexOf(':');
      if (colon === 0) return;
      const name = colon < 0 ? text : text.slice(0, colon);
      return field(name, colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, ''));
    }
    if (data.length > 0 || hasId) message({ id, data: data.length > 0 ? data.join('\n') : undefined });
    data = [];
    hasId = false;
  }

  return (chunk: string): void => {
    const text = heldBack + chunk;
    // A CR at the very end may be half of a CRLF.
    heldBack = text.endsWith('\r') ? '\r' : '';
    const [first = '', ...others] = text.slice(0, text.length - heldBack.length).split(/\r\n|\n|\r/);
    parts.push(first);
    for (const next of others) {
      line(parts.join(''));
      parts = [next];
    }
  };
}
