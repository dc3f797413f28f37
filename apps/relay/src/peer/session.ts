import { ClientAction, CloseCode, type RelayErrorCode } from '@dronecast/events';
import { compileValidator } from '@dronecast/runtime';
import { describeFilter, type Filter, InvalidFilter, subscribe, unsubscribe } from '../hub/filter.js';
import type { Peer } from './peer.js';

/** Invalid frames in a row after which a client is cut off. */
const MAX_STRIKES = 10;

const validateAction = compileValidator({ schema: ClientAction, httpPart: 'body' });

class Refusal extends Error {
  constructor(
    readonly code: RelayErrorCode,
    message: string,
  ) {
    super(message);
  }
}

function parseAction(text: string): ClientAction {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('malformed_json', 'The frame is not JSON');
  }
  if (validateAction(value).error) {
    throw new Refusal(
      'invalid_action',
      'Expected {"action":"subscribe"|"unsubscribe", "sn"?, "events"?} or {"action":"ping"}',
    );
  }
  return value as ClientAction;
}

export interface SessionDependencies {
  readonly refilter: (peer: Peer, filter: Filter) => void;
  readonly cursor: () => string;
}

/** Answers what a client says. */
export function createSession(peer: Peer, { refilter, cursor }: SessionDependencies) {
  let strikes = 0;

  function answer(action: ClientAction): void {
    if (action.action === 'ping')
      return peer.tell({ type: 'relay', event: 'relay.pong', data: { cursor: cursor() } });
    const change = action.action === 'subscribe' ? subscribe : unsubscribe;
    refilter(peer, change(peer.filter, action));
    peer.tell({
      type: 'relay',
      event: 'relay.subscribed',
      data: { ...describeFilter(peer.filter), cursor: cursor() },
    });
  }

  function refuse(code: RelayErrorCode, message: string): void {
    peer.tell({ type: 'relay', event: 'relay.error', data: { code, message } });
    strikes += 1;
    if (strikes >= MAX_STRIKES) peer.close(CloseCode.ABUSE);
  }

  return {
    receive(data: Buffer, isBinary: boolean): void {
      if (isBinary) return peer.close(CloseCode.BINARY_FRAME);
      try {
        answer(parseAction(data.toString()));
        strikes = 0;
      } catch (error) {
        if (error instanceof Refusal) refuse(error.code, error.message);
        else if (error instanceof InvalidFilter) refuse('invalid_filter', `${error.field}: ${error.message}`);
        else throw error;
      }
    },
  };
}
