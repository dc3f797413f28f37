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
  let rest = '';
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
    const text = rest + chunk;
    // A CR at the very end may be half of a CRLF.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const each of lines) line(each);
  };
}
