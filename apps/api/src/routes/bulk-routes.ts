import { setMaxListeners } from 'node:events';
import { countRequest, type RateLimiter } from '@dronecast/auth';
import { type FieldError, type Problem, reportError, ValidationError } from '@dronecast/runtime';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from '@sinclair/typebox';
import { DronePatch } from '../drone/drone-input.js';
import type { DroneService } from '../service/drone-service.js';
import { bulkBusy, bulkTimeOver, shuttingDown } from '../service/problems.js';
import { createTurnstile } from '../service/turnstile.js';
import { inTime } from './deadline.js';
import { changeDrone } from './drone-change.js';
import { AnySerialNumber, FieldErrors, problems, Success } from './schemas.js';

const MAX_DRONES = 500;
/** 500 long serial numbers beside the largest patch that any other route takes. */
const BODY_LIMIT_BYTES = 256 * 1024;
/** Changes of all calls in this process that are in progress at the same time; other writers meet at most these. */
const WIDTH = 16;
const MAX_WAITING = 1000;
/** Milliseconds after which a call begins no more changes, so that its answer arrives before proxies give up. */
const BEGIN_MS = 20_000;

const BulkItem = Type.Object(
  {
    serialNumber: AnySerialNumber,
    revision: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'a whole number: the drone is changed only if this is its revision, else 412',
      }),
    ),
  },
  { additionalProperties: false, description: 'an object {serialNumber, revision?}' },
);
type BulkItem = Static<typeof BulkItem>;

const BulkBody = Type.Object(
  {
    drones: Type.Array(BulkItem, {
      minItems: 1,
      maxItems: MAX_DRONES,
      description: `an array of 1-${MAX_DRONES} objects {serialNumber, revision?}, each serial number once`,
    }),
    patch: DronePatch,
  },
  {
    additionalProperties: false,
    description: 'a JSON object',
    examples: [
      {
        drones: [{ serialNumber: 'DRN-0042', revision: 2 }, { serialNumber: 'DRN-0043' }],
        patch: { streamIsOn: true },
      },
    ],
  },
);

const BulkResult = Type.Object({
  serialNumber: AnySerialNumber,
  status: Type.Integer({ description: 'the HTTP status that a PATCH of this drone alone would have had' }),
  revision: Type.Optional(Type.Integer({ description: "the drone's after a change with status 200" })),
  problem: Type.Optional(
    Type.Object(
      {
        code: Type.String({ description: 'stable; for programs' }),
        detail: Type.String({ description: 'for people' }),
        retryAfterSeconds: Type.Optional(Type.Integer()),
        errors: Type.Optional(FieldErrors),
      },
      { description: 'why the drone was not changed; its `errors` point into the body of the call' },
    ),
  ),
});
type BulkResult = Static<typeof BulkResult>;

/** Throws for an item whose serial number an earlier one has. */
function refuseRepeated(drones: readonly BulkItem[], index: number): void {
  const earlier = drones.findIndex(({ serialNumber }) => serialNumber === drones[index]?.serialNumber);
  if (earlier < index)
    throw new ValidationError([{ pointer: '/sn', message: `must not be that of /drones/${earlier} again` }]);
}

/** Where the problems of a single PATCH name the drone itself. */
const NAMES_THE_DRONE = new Set(['/sn', '/deviceSerialNumber']);

/** A problem's errors as they are in the body of the call. */
const inBody = (errors: readonly FieldError[], index: number): FieldError[] =>
  errors.map(({ pointer, message }) => ({
    pointer: NAMES_THE_DRONE.has(pointer) ? `/drones/${index}/serialNumber` : `/patch${pointer}`,
    message,
  }));

/** A result without what is the same for all results of its status, or of its call. */
function failed({ serialNumber }: BulkItem, index: number, problem: Problem): BulkResult {
  const { status, code, message: detail, retryAfterSeconds, errors } = problem;
  return {
    serialNumber,
    status,
    problem: {
      code,
      detail,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      ...(errors && { errors: inBody(errors, index) }),
    },
  };
}

export interface BulkDependencies {
  readonly service: Pick<DroneService, 'patch'>;
  /** Undefined: callers may ask as much as they like. */
  readonly limiter: RateLimiter | undefined;
  readonly isDraining: () => boolean;
  /** Milliseconds that a change may take, as for a single PATCH. */
  readonly timeoutMs: number;
}

/** One patch for many drones. Each is a change of its own, made and audited as by PATCH. */
export const bulkRoutes: FastifyPluginAsyncTypebox<BulkDependencies> = async (
  app,
  { service, limiter, isDraining, timeoutMs },
) => {
  const begin = createTurnstile({
    width: WIDTH,
    maxWaiting: MAX_WAITING,
    patienceMs: BEGIN_MS,
    refusal: bulkBusy,
    commonError: () => undefined,
  });

  app.post(
    '/bulk',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      config: { access: 'drones:write', handlerTimeoutMs: BEGIN_MS + 2 * timeoutMs },
      schema: {
        tags: ['drones'],
        summary: `Change up to ${MAX_DRONES} drones by the same JSON merge patch, each on its own; a result for each, in order`,
        body: BulkBody,
        response: {
          200: Success({ results: Type.Array(BulkResult) }),
          ...problems(400, 401, 403, 413, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const { drones, patch } = request.body;
      const results: BulkResult[] = [];
      const next = drones.entries();
      /** Aborts when no more changes may begin; those in progress go on until `request.abandoned`. */
      const over = new AbortController();
      const timer = setTimeout(() => over.abort(bulkTimeOver()), BEGIN_MS);
      const canBegin = AbortSignal.any([over.signal, request.abandoned]);
      setMaxListeners(WIDTH, canBegin);
      setMaxListeners(WIDTH + 1, request.abandoned);

      function change({ serialNumber, revision }: BulkItem) {
        const controller = new AbortController();
        const abandon = (): void => controller.abort(request.abandoned.reason);
        request.abandoned.addEventListener('abort', abandon);
        const isMeant = (drone: { revision: number }) =>
          revision === undefined || drone.revision === revision;
        const target = { key: { serialNumber }, patch, isMeant };
        return inTime(timeoutMs, controller, () =>
          changeDrone(service, request, target, controller.signal),
        ).finally(() => request.abandoned.removeEventListener('abort', abandon));
      }

      async function resultOf(item: BulkItem, index: number): Promise<BulkResult> {
        try {
          refuseRepeated(drones, index);
          const { revision } = await begin('', canBegin, async () => {
            if (isDraining()) throw shuttingDown();
            // The call itself was counted, and stands for its first drone.
            if (limiter && index > 0) await countRequest(limiter, request, reply);
            canBegin.throwIfAborted();
            return change(item);
          });
          return { serialNumber: item.serialNumber, status: 200, revision };
        } catch (error) {
          return failed(item, index, reportError(error, request));
        }
      }

      async function work(): Promise<void> {
        for (const [index, item] of next) results[index] = await resultOf(item, index);
      }

      try {
        await Promise.all(Array.from({ length: WIDTH }, work));
      } finally {
        clearTimeout(timer);
      }
      return { status: 'success' as const, data: { results } };
    },
  );
};
