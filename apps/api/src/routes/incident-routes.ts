import { Incident } from '@dronecast/events';
import { toUtc } from '@dronecast/runtime';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from '@sinclair/typebox';
import { DateTime, IncidentReport } from '../drone/incident-input.js';
import type { IncidentService } from '../service/incident-service.js';
import type { IncidentPlace, IncidentQuery } from '../store/drone-store.js';
import type { Page } from '../store/page.js';
import { audit, auditUnknown } from './audit.js';
import { DEFAULT_LIMIT, nextLink, pageQuery, toNextCursor } from './page.js';
import {
  GivenSerialNumber,
  IdempotencyHeaders,
  problems,
  SnParams,
  Success,
  SuccessList,
} from './schemas.js';

/** Milliseconds since 1970 at which an incident was captured, and its id. */
const PLACE = '^-?\\d{1,15}_[0-9a-f]{24}$';

/** The years 0001 to 9999, which are all that an incident may have been captured in. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const ofDroneQuery = {
  classId: Type.Optional(Type.Integer({ minimum: 0, maximum: 79, description: 'a COCO class id, 0-79' })),
  from: Type.Optional(DateTime),
  to: Type.Optional(DateTime),
  ...pageQuery({ pattern: PLACE }),
};
const OfDroneQuery = Type.Object(ofDroneQuery, { additionalProperties: false });
const FleetQuery = Type.Object(
  { sn: Type.Optional(GivenSerialNumber), ...ofDroneQuery },
  { additionalProperties: false },
);
type IncidentListQuery = Static<typeof FleetQuery>;

const IncidentList = SuccessList({ incidents: Type.Array(Incident) });

function decodePlace(cursor: string | undefined): IncidentPlace | undefined {
  const [ms, id] = cursor?.split('_') ?? [];
  if (!ms || !id) return undefined;
  // Nothing lies beyond, so that a cursor from there is as good as one from the end.
  const time = Math.min(Math.max(Number(ms), FIRST_MS), LAST_MS);
  return { capturedAt: new Date(time).toISOString(), id };
}

function toQuery({ sn, classId, from, to, limit = DEFAULT_LIMIT, cursor }: IncidentListQuery): IncidentQuery {
  const after = decodePlace(cursor);
  return {
    limit,
    ...(sn !== undefined && { serialNumber: sn }),
    ...(classId !== undefined && { classId }),
    ...(from !== undefined && { from: toUtc(from) }),
    ...(to !== undefined && { to: toUtc(to) }),
    ...(after && { after }),
  };
}

function toAnswer(page: Page<Incident>) {
  const nextCursor = toNextCursor(page, ({ capturedAt, id }) => `${Date.parse(capturedAt)}_${id}`);
  return {
    status: 'success' as const,
    results: page.items.length,
    data: { incidents: page.items },
    ...(nextCursor && { nextCursor }),
  };
}

export const incidentRoutes: FastifyPluginAsyncTypebox<{ service: IncidentService }> = async (
  app,
  { service },
) => {
  const tags = ['incidents'];

  app.post(
    '/drones/sn/:sn/incidents',
    {
      config: { access: 'incidents:write' },
      schema: {
        tags,
        summary: 'Report what a detector saw',
        params: SnParams,
        headers: IdempotencyHeaders,
        body: IncidentReport,
        response: {
          201: Success({ incident: Incident }),
          ...problems(400, 401, 403, 404, 409, 413, 422, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const { sn: serialNumber } = request.params;
      const { incident } = await auditUnknown(
        request,
        { action: 'report', serialNumber },
        service.report(
          serialNumber,
          request.body,
          request.headers['idempotency-key'],
          request.access,
          request.abandoned,
          ({ incident: { id }, revision }) =>
            audit(request, { action: 'report', serialNumber, revision, incident: id }),
        ),
      );
      reply.code(201);
      return { status: 'success' as const, data: { incident } };
    },
  );

  app.get(
    '/drones/sn/:sn/incidents',
    {
      config: { access: 'drones:read' },
      schema: {
        tags,
        summary: 'Incidents of one drone, newest first; also after the drone is deleted',
        params: SnParams,
        querystring: OfDroneQuery,
        response: { 200: IncidentList, ...problems(400, 401, 403, 404, 429, 503) },
      },
    },
    async (request, reply) => {
      const serialNumber = request.params.sn;
      const query = { ...toQuery(request.query), serialNumber };
      const answer = toAnswer(await service.listOf(query, request.access, request.abandoned));
      if (answer.nextCursor) reply.header('Link', nextLink(request.url, answer.nextCursor));
      return answer;
    },
  );

  app.get(
    '/incidents',
    {
      config: { access: 'drones:read' },
      schema: {
        tags,
        summary: 'Incidents of the fleet, newest first',
        querystring: FleetQuery,
        response: { 200: IncidentList, ...problems(400, 401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      const page = await service.list(toQuery(request.query), request.access, request.abandoned);
      const answer = toAnswer(page);
      if (answer.nextCursor) reply.header('Link', nextLink(request.url, answer.nextCursor));
      return answer;
    },
  );
};
