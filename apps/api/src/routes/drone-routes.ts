import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TObject, Type } from '@sinclair/typebox';
import { fieldNames } from '../drone/diff.js';
import { foldCategory } from '../drone/drone.js';
import { DronePatch, DroneRegistration } from '../drone/drone-input.js';
import type { DroneService } from '../service/drone-service.js';
import type { DroneKey } from '../store/drone-store.js';
import { audit, auditUnknown, named } from './audit.js';
import { changeDrone } from './drone-change.js';
import { fromDroneCursor, toDroneCursor } from './drone-cursor.js';
import { etag, IfMatch, IfNoneMatch, ifMatch, isNoneMatch } from './etag.js';
import { DEFAULT_LIMIT, nextLink, pageQuery, toNextCursor } from './page.js';
import {
  DroneView,
  droneView,
  fullDroneView,
  IdempotencyHeaders,
  problems,
  SnParams,
  Success,
  SuccessList,
} from './schemas.js';

/**
 * A strong ETag names one representation (RFC 9110 section 8.8.3.3), and a drone's must be right for `If-Match` as it is. So
 * answers that have one are never encoded.
 */
const COMPRESS_TAGGED = false;

const flag = Type.Optional(Type.Boolean({ description: 'true or false' }));

const ListQuery = Type.Object(
  {
    category: Type.Optional(DroneRegistration.properties.deviceCategory),
    streamIsOn: flag,
    isUsingAiDetection: flag,
    q: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'the start of a serial number, name or alias, in any case',
      }),
    ),
    ...pageQuery({ minLength: 1 }),
  },
  { additionalProperties: false },
);

const DroneAnswer = Success({ drone: DroneView });

/** The two ways to name a drone in a path. */
const NAMINGS = [
  {
    // `register` and `bulk` are no ids: what they do not take is 405.
    path: '/:id((?!register$)(?!bulk$)[^]+)',
    params: Type.Object({ id: Type.String({ pattern: '^[0-9a-fA-F]{24}$', description: '24 hex digits' }) }),
    key: ({ id = '' }: Record<string, string>): DroneKey => ({ id: id.toLowerCase() }),
  },
  {
    path: '/sn/:sn',
    params: SnParams,
    key: ({ sn = '' }: Record<string, string>): DroneKey => ({ serialNumber: sn }),
  },
] as const;

export const droneRoutes: FastifyPluginAsyncTypebox<{ service: DroneService }> = async (app, { service }) => {
  const tags = ['drones'];

  app.post(
    '/register',
    {
      config: { access: 'drones:write' },
      compress: COMPRESS_TAGGED,
      schema: {
        tags,
        summary: 'Register a drone; with an Idempotency-Key a retry within 24 hours answers 201 again',
        headers: IdempotencyHeaders,
        body: DroneRegistration,
        response: { 201: DroneAnswer, ...problems(400, 401, 403, 409, 413, 422, 429, 503) },
      },
    },
    async (request, reply) => {
      const { body, headers, access, abandoned } = request;
      const serialNumber = body.deviceSerialNumber;
      const fields = fieldNames(body);
      const { drone, isNew } = await auditUnknown(
        request,
        { action: 'register', serialNumber, fields },
        service.register(body, headers['idempotency-key'], access, abandoned),
      );
      if (isNew) audit(request, { action: 'register', serialNumber, revision: drone.revision, fields });
      reply.code(201).header('Location', `/api/v1/drones/${drone.id}`).header('ETag', etag(drone));
      return { status: 'success' as const, data: { drone: droneView(drone) } };
    },
  );

  app.get(
    '/',
    {
      config: { access: 'drones:read' },
      schema: {
        tags,
        summary: 'List drones in order of serial number',
        querystring: ListQuery,
        response: {
          200: SuccessList({ drones: Type.Array(DroneView) }),
          ...problems(400, 401, 403, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const { category, streamIsOn, isUsingAiDetection, q, limit = DEFAULT_LIMIT, cursor } = request.query;
      const query = {
        limit,
        ...(category !== undefined && { category: foldCategory(category) }),
        ...(streamIsOn !== undefined && { streamIsOn }),
        ...(isUsingAiDetection !== undefined && { isUsingAiDetection }),
        ...(q && { prefix: q }),
        ...(cursor !== undefined && { after: fromDroneCursor(cursor) }),
      };
      const page = await service.list(query, request.access, request.abandoned);
      const nextCursor = toNextCursor(page, (last) => toDroneCursor(last.deviceSerialNumber));
      if (nextCursor) reply.header('Link', nextLink(request.url, nextCursor));
      return {
        status: 'success' as const,
        results: page.items.length,
        data: { drones: page.items.map(droneView) },
        ...(nextCursor && { nextCursor }),
      };
    },
  );

  for (const { path, params, key } of NAMINGS) {
    const paramsSchema: TObject = params;

    app.get(
      path,
      {
        config: { access: 'drones:read' },
        compress: COMPRESS_TAGGED,
        schema: {
          tags,
          summary: 'Read a drone; its stream password too with the scope credentials:read',
          params: paramsSchema,
          headers: IfNoneMatch,
          response: { 200: DroneAnswer, 304: Type.Null(), ...problems(400, 401, 403, 404, 429, 500, 503) },
        },
      },
      async (request, reply) => {
        const { access } = request;
        const drone = await service.get(key(request.params as Record<string, string>), access);
        reply.header('ETag', etag(drone)).header('Cache-Control', 'private, no-cache');
        if (isNoneMatch(request.headers['if-none-match'], drone)) return reply.code(304).send(null);
        const view = access.scopes.has('credentials:read') ? fullDroneView(drone) : droneView(drone);
        return { status: 'success' as const, data: { drone: view } };
      },
    );

    app.patch(
      path,
      {
        config: { access: 'drones:write' },
        compress: COMPRESS_TAGGED,
        schema: {
          tags,
          summary: 'Change a drone by JSON merge patch (RFC 7396)',
          consumes: ['application/json', 'application/merge-patch+json'],
          params: paramsSchema,
          headers: IfMatch,
          body: DronePatch,
          response: { 200: DroneAnswer, ...problems(400, 401, 403, 404, 409, 412, 413, 429, 503) },
        },
      },
      async (request, reply) => {
        const isMeant = ifMatch(request.headers['if-match']);
        const drone = await changeDrone(
          service,
          request,
          { key: key(request.params as Record<string, string>), patch: request.body, isMeant },
          request.abandoned,
        );
        reply.header('ETag', etag(drone));
        return { status: 'success' as const, data: { drone: droneView(drone) } };
      },
    );

    app.delete(
      path,
      {
        config: { access: 'drones:write' },
        schema: {
          tags,
          summary: 'Delete a drone; its incidents stay',
          params: paramsSchema,
          headers: IfMatch,
          response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 409, 412, 429, 503) },
        },
      },
      async (request, reply) => {
        const isMeant = ifMatch(request.headers['if-match']);
        const meant = key(request.params as Record<string, string>);
        const drone = await auditUnknown(
          request,
          { action: 'delete', ...named(meant) },
          service.remove(meant, isMeant, request.access, request.abandoned),
        );
        const { deviceSerialNumber: serialNumber, revision } = drone;
        audit(request, { action: 'delete', serialNumber, revision: revision + 1 });
        reply.code(204).send(null);
      },
    );
  }
};
