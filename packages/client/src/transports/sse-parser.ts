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

/** Characters of a message, and of a line, beyond which this is no stream of ours. */
const MAX_LENGTH = 16 * 1024 * 1024;

/**
 * Reads the text of an event stream, however it is cut (HTML standard, section 9.2.6): lines end with CR, LF or CRLF and
 * nothing else. Throws RangeError on what has no end.
 */
export function createSseParser({ message, retry }: Handlers) {
  /** Of the line that has not ended. */
  let parts: string[] = [];
  let endsWithReturn = false;
  let id: string | undefined;
  let hasId = false;
  let data: string[] = [];
  /** Of the message that has not ended. */
  let length = 0;

  function grow(by: number): void {
    length += by;
    if (length > MAX_LENGTH) throw new RangeError(`a message is longer than ${MAX_LENGTH} characters`);
  }

  function field(name: string, value: string): void {
    if (name === 'data') {
      grow(value.length);
      data.push(value);
    } else if (name === 'retry' && /^\d+$/.test(value)) retry(Number(value));
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
    const done =
      data.length > 0 || hasId ? { id, data: data.length > 0 ? data.join('\n') : undefined } : undefined;
    data = [];
    hasId = false;
    length = 0;
    if (done) message(done);
  }

  return (chunk: string): void => {
    // The other half of a CRLF that was cut in two.
    const text = endsWithReturn && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    if (chunk !== '') endsWithReturn = chunk.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    const last = lines.pop() ?? '';
    for (const each of lines) {
      const whole = parts.join('') + each;
      length -= whole.length - each.length;
      parts = [];
      line(whole);
    }
    if (last === '') return;
    parts.push(last);
    grow(last.length);
  };
}
