import { type Access, AuthError } from '@dronecast/auth';
import { ClientAction, CloseCode, type RelayErrorCode } from '@dronecast/events';
import { compileValidator } from '@dronecast/runtime';
import {
  describeFilter,
  type Filter,
  type FilterRequest,
  InvalidFilter,
  subscribe,
  unsubscribe,
} from '../hub/filter.js';
import { type Grant, restrict } from './grant.js';
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
      'Expected {"action":"subscribe"|"unsubscribe", "sn"?, "events"?}, {"action":"authenticate", "token"} or {"action":"ping"}',
    );
  }
  return value as ClientAction;
}

export interface SessionDependencies {
  readonly refilter: (peer: Peer, filter: Filter) => void;
  readonly cursor: () => string;
  /** Rejects with AuthError. */
  readonly authenticate: (token: string) => Promise<Access>;
  /** The client may stay for so long. */
  readonly renewed: (access: Access) => void;
  readonly framesPerSecond: number;
}

const isTooMany = (framesPerSecond: number) => {
  let second = 0;
  let frames = 0;
  return (): boolean => {
    const now = Math.floor(Date.now() / 1000);
    frames = now === second ? frames + 1 : 1;
    second = now;
    return frames > framesPerSecond;
  };
};

/** Answers what a client says. */
export function createSession(peer: Peer, grant: Grant, dependencies: SessionDependencies) {
  const { refilter, cursor, authenticate, renewed, framesPerSecond } = dependencies;
  const isFlood = isTooMany(framesPerSecond);
  let { filter: wanted, access } = grant;
  let strikes = 0;
  /** Under way; what the client says meanwhile is heard afterwards. */
  let renewal: Promise<void> | undefined;

  function forbid(names: readonly string[]): void {
    if (names.length === 0) return;
    const message = 'What is asked for is not all yours';
    peer.tell({ type: 'relay', event: 'relay.error', data: { code: 'forbidden', message, sn: [...names] } });
  }

  function want(filter: Filter): void {
    const restricted = restrict(filter, access);
    wanted = filter;
    refilter(peer, restricted.filter);
    forbid(restricted.forbidden);
  }

  function changeFilter(change: typeof subscribe, { sn = [], events }: FilterRequest): void {
    const { forbidden } = restrict(change(wanted, { sn }), access);
    const allowed = sn.filter((name) => !forbidden.includes(name));
    forbid(sn.filter((name) => forbidden.includes(name)));
    if (sn.length > 0 && allowed.length === 0) return;
    want(change(wanted, { sn: allowed, ...(events && { events }) }));
    const data = { ...describeFilter(peer.filter), cursor: cursor() };
    peer.tell({ type: 'relay', event: 'relay.subscribed', data });
  }

  async function renew(token: string): Promise<void> {
    try {
      const next = await authenticate(token);
      if (next.subject !== access.subject) throw new Refusal('forbidden', 'The token is of another subject');
      if (!next.scopes.has('events:read'))
        throw new Refusal('forbidden', 'The scope events:read is required');
      access = next;
      renewed(access);
      want(wanted);
      const expiresInMs =
        access.expiresAt === undefined ? {} : { expiresInMs: access.expiresAt - Date.now() };
      peer.tell({ type: 'relay', event: 'relay.authenticated', data: expiresInMs });
    } catch (error) {
      refuse(error);
    } finally {
      renewal = undefined;
    }
  }

  function answer(action: ClientAction): void {
    if (action.action === 'authenticate') renewal = renew(action.token);
    else if (action.action === 'subscribe') changeFilter(subscribe, action);
    else if (action.action === 'unsubscribe') changeFilter(unsubscribe, action);
    else peer.tell({ type: 'relay', event: 'relay.pong', data: { cursor: cursor() } });
  }

  function refuse(error: unknown): void {
    const { code, message } = toRefusal(error);
    peer.tell({ type: 'relay', event: 'relay.error', data: { code, message } });
    strikes += 1;
    if (strikes >= MAX_STRIKES) peer.close(CloseCode.ABUSE);
  }

  function hear(data: Buffer): void {
    if (renewal) return void renewal.then(() => hear(data));
    try {
      answer(parseAction(data.toString()));
      strikes = 0;
    } catch (error) {
      refuse(error);
    }
  }

  return {
    /** Tells what of the query was not granted. */
    begin: (): void => forbid(grant.forbidden),

    receive(data: Buffer, isBinary: boolean): void {
      if (isFlood()) return peer.close(CloseCode.ABUSE);
      if (isBinary) return peer.close(CloseCode.BINARY_FRAME);
      hear(data);
    },
  };
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof InvalidFilter)
    return new Refusal('invalid_filter', `${error.field}: ${error.message}`);
  if (error instanceof AuthError)
    return new Refusal(error.status === 503 ? 'unavailable' : 'invalid_token', error.message);
  throw error;
}
