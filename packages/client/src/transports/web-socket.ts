import { CLOSE_CODES, type CloseCode } from '@dronecast/events';
import { ConnectionError, RefusedError } from '../errors.js';
import { followsNoDrone } from '../filter.js';
import type { Attempt, Ending, Transport } from '../transport.js';
import { addressOf, endingOf, get } from './http.js';

/** Rejects where there is no WebSocket. */
export type OpenSocket = (url: URL, protocols: string[]) => Promise<WebSocket>;

/** What a close code asks for; a connection that breaks without one of ours is to be resumed. */
function closed(code: number, reason: string): Ending {
  const { action, meaning } = CLOSE_CODES[code as CloseCode] ?? { action: 'resume', meaning: '' };
  const message = `closed with ${code}: ${reason || meaning || 'the connection broke'}`;
  return {
    action,
    error: action === 'fatal' ? new RefusedError(message, code) : new ConnectionError(message),
  };
}

/** A refused handshake tells a page nothing. The same address, asked by HTTP, does. */
async function explain(attempt: Attempt): Promise<Ending> {
  try {
    await get(attempt, addressOf(attempt, 'ws/events'));
  } catch (error) {
    return endingOf(error);
  }
  return { action: 'blocked', error: new ConnectionError('what answers there is no relay') };
}

function addressOfSocket(attempt: Attempt): URL {
  const address = addressOf(
    attempt,
    'ws/events',
    attempt.since === undefined ? {} : { since: attempt.since },
  );
  address.protocol = address.protocol.replace('http', 'ws');
  return address;
}

export function createWebSocketTransport(openSocket: OpenSocket): Transport {
  async function run(attempt: Attempt, opened: (socket: WebSocket) => void): Promise<Ending> {
    const { token, signal } = attempt;
    const protocols = token === undefined ? [] : ['dronecast', `bearer.${token}`];
    let socket: WebSocket;
    try {
      socket = await openSocket(addressOfSocket(attempt), protocols);
    } catch (cause) {
      return {
        action: 'blocked',
        error: cause instanceof Error ? cause : new ConnectionError('no WebSocket', { cause }),
      };
    }
    return new Promise((resolve) => {
      const leave = (): void => socket.close();
      let isOpen = false;
      socket.onopen = () => {
        isOpen = true;
        opened(socket);
      };
      socket.onmessage = ({ data }) => {
        attempt.receiveText(data);
      };
      socket.onerror = () => {}; // A close follows, and says more.
      socket.onclose = ({ code, reason }) => {
        signal.removeEventListener('abort', leave);
        resolve(isOpen || signal.aborted ? closed(code, reason) : explain(attempt));
      };
      signal.addEventListener('abort', leave);
      if (signal.aborted) leave();
    });
  }

  return (attempt) => {
    let socket: WebSocket | undefined;
    const ended = run(attempt, (opened) => {
      socket = opened;
    });
    // A relay that was asked for no drone by a query can't be told the rest in place.
    if (followsNoDrone(attempt.filter)) return { ended };
    return { ended, say: (action) => socket?.send(JSON.stringify(action)) };
  };
}
