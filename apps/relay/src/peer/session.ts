import { type Access, AuthError } from '@dronecast/auth';
import { ClientAction, CloseCode, type RelayErrorCode } from '@dronecast/events';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import {
  describeFilter,
  EVERYTHING,
  type Filter,
  type FilterRequest,
  InvalidFilter,
  subscribe,
  unsubscribe,
} from '../hub/filter.js';
import { createFloodLimit } from './flood-limit.js';
import { type Grant, restrict } from './grant.js';
import type { Peer } from './peer.js';

/** Invalid frames in a row after which a client is cut off. */
const MAX_STRIKES = 10;

/** Characters of frames that may wait until those before them are answered. */
const MAX_WAITING = 64 * 1024;
/** Counted for each waiting frame beside its text, for the memory that it takes itself. */
const FRAME_OVERHEAD = 64;

const checker = TypeCompiler.Compile(ClientAction);

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
  if (checker.Check(value)) return value;
  throw new Refusal(
    'invalid_action',
    'Expected {"action":"subscribe"|"unsubscribe", "sn"?, "events"?}, {"action":"authenticate", "token"} or {"action":"ping"}',
  );
}

export interface SessionDependencies {
  readonly refilter: (peer: Peer, filter: Filter) => void;
  readonly cursor: () => string;
  /** Rejects with AuthError. */
  readonly authenticate: (token: string) => Promise<Access>;
  /** The client may stay for so long. */
  readonly renewed: (access: Access) => void;
  /** Resolves when there is time for work whose cost grows with the number of names that the token owns. */
  readonly turn: () => Promise<void>;
  readonly framesPerSecond: number;
}

/** Tells a client which names are not its own, if there are any. */
export function forbid(peer: Peer, names: readonly string[]): void {
  if (names.length === 0) return;
  const message = 'What is asked for is not all yours';
  peer.tell({ type: 'relay', event: 'relay.error', data: { code: 'forbidden', message, sn: [...names] } });
}

/** Answers what a client says, one frame after the other. Returns what hears its frames. */
export function createSession(
  peer: Peer,
  grant: Grant,
  dependencies: SessionDependencies,
): (data: Buffer, isBinary: boolean) => void {
  const { refilter, cursor, authenticate, renewed, turn, framesPerSecond } = dependencies;
  const isFlood = createFloodLimit(framesPerSecond);
  let { filter: wanted, access } = grant;
  let strikes = 0;
  const waiting: string[] = [];
  let waitingLength = 0;
  let isAnswering = false;

  function want(filter: Filter): void {
    const restricted = restrict(filter, access);
    wanted = filter;
    refilter(peer, restricted.filter);
    forbid(peer, restricted.forbidden);
  }

  function tellFilter(): void {
    const data = { ...describeFilter(peer.filter), cursor: cursor() };
    peer.tell({ type: 'relay', event: 'relay.subscribed', data });
  }

  function widen({ sn = [], events }: FilterRequest): void {
    const isForbidden = new Set(
      sn.length > 0 ? restrict(subscribe(EVERYTHING, { sn }), access).forbidden : [],
    );
    const allowed = sn.filter((name) => !isForbidden.has(name));
    const isRefused = sn.length > 0 && allowed.length === 0;
    const next = isRefused ? wanted : subscribe(wanted, { sn: allowed, ...(events && { events }) });
    forbid(
      peer,
      sn.filter((name) => isForbidden.has(name)),
    );
    if (isRefused) return;
    want(next);
    tellFilter();
  }

  function lessen(request: FilterRequest): void {
    want(unsubscribe(wanted, request));
    tellFilter();
  }

  function tellRefusal(error: unknown): void {
    const { code, message } = toRefusal(error);
    peer.tell({ type: 'relay', event: 'relay.error', data: { code, message } });
  }

  async function renew(token: string): Promise<void> {
    try {
      const next = await authenticate(token);
      if (next.subject !== access.subject) throw new Refusal('forbidden', 'The token is of another subject');
      if (!next.scopes.has('events:read'))
        throw new Refusal('forbidden', 'The scope events:read is required');
      await turn();
      // The client may have left in the meantime: nothing must be set for it again.
      if (!peer.isOpen()) return;
      access = next;
      renewed(access);
      want(wanted);
      const expiresInMs =
        access.expiresAt === undefined ? {} : { expiresInMs: access.expiresAt - Date.now() };
      peer.tell({ type: 'relay', event: 'relay.authenticated', data: expiresInMs });
    } catch (error) {
      tellRefusal(error);
    }
  }

  async function answer(action: ClientAction): Promise<void> {
    if (action.action === 'ping')
      return peer.tell({ type: 'relay', event: 'relay.pong', data: { cursor: cursor() } });
    await turn();
    if (!peer.isOpen()) return;
    if (action.action === 'authenticate') await renew(action.token);
    else if (action.action === 'subscribe') widen(action);
    else lessen(action);
  }

  async function hear(text: string): Promise<void> {
    try {
      await answer(parseAction(text));
      strikes = 0;
    } catch (error) {
      tellRefusal(error);
      strikes += 1;
      if (strikes >= MAX_STRIKES) peer.close(CloseCode.ABUSE);
    }
  }

  async function answerAll(): Promise<void> {
    isAnswering = true;
    try {
      for (let text = waiting.shift(); text !== undefined && peer.isOpen(); text = waiting.shift()) {
        await hear(text);
        waitingLength -= text.length + FRAME_OVERHEAD;
      }
    } catch (error) {
      peer.fail(error);
    }
    isAnswering = false;
  }

  return (data, isBinary) => {
    if (!peer.isOpen()) return;
    if (isFlood()) return peer.close(CloseCode.ABUSE);
    if (isBinary) return peer.close(CloseCode.BINARY_FRAME);
    const text = data.toString();
    waitingLength += text.length + FRAME_OVERHEAD;
    if (waitingLength > MAX_WAITING) return peer.close(CloseCode.ABUSE);
    waiting.push(text);
    if (!isAnswering) void answerAll();
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
