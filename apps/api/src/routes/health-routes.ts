import type { EventBus } from '@dronecast/bus';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { type DroneStore, SharedSerialNumbers } from '../store/drone-store.js';

export interface HealthDependencies {
  readonly store: Pick<DroneStore, 'name' | 'backlog'>;
  readonly bus: Pick<EventBus, 'name' | 'isReady' | 'isFull'>;
  readonly isDraining: () => boolean;
}

const Ready = Type.Object({
  status: Type.String({
    description: 'ready, degraded (the bus is away or full: writes go on), unavailable or draining',
  }),
  missing: Type.Array(Type.String(), {
    description:
      'what is away, such as redis, or redis memory when Redis has none left, or mongodb unique serial numbers',
  }),
  backlog: Type.Optional(
    Type.Object({
      drones: Type.Integer({ description: 'drones with events that the bus does not have yet' }),
      oldestAgeMs: Type.Integer({ description: 'milliseconds' }),
    }),
  ),
  sharedSerialNumbers: Type.Optional(
    Type.Array(
      Type.Object({
        serialNumber: Type.String(),
        documents: Type.Array(Type.String(), { description: 'their _ids, at most 10' }),
      }),
      {
        description:
          'serial numbers that more than one document has, at most 10: writes wait until all but one of each are deleted or renumbered',
      },
    ),
  ),
});

function missingOf(bus: HealthDependencies['bus']): string[] {
  if (!bus.isReady()) return [bus.name];
  return bus.isFull() ? [`${bus.name} memory`] : [];
}

/** Live: the process answers. Ready: it can take writes, with or without the bus. */
export const healthRoutes: FastifyPluginAsyncTypebox<HealthDependencies> = async (
  app,
  { store, bus, isDraining },
) => {
  app.get(
    '/live',
    {
      config: { access: 'public' },
      schema: { tags: ['health'], response: { 200: Type.Object({ status: Type.String() }) } },
    },
    async () => ({
      status: 'live',
    }),
  );

  app.get(
    '/ready',
    {
      config: { access: 'public' },
      schema: { tags: ['health'], response: { 200: Ready, 503: Ready } },
    },
    async (_request, reply) => {
      const away = missingOf(bus);
      if (isDraining()) return reply.code(503).send({ status: 'draining', missing: [] });
      try {
        const { drones, oldestAt } = await store.backlog();
        const oldestAgeMs = oldestAt ? Math.max(0, Date.now() - oldestAt.getTime()) : 0;
        const status = away.length > 0 ? 'degraded' : 'ready';
        return { status, missing: away, backlog: { drones, oldestAgeMs } };
      } catch (error) {
        reply.code(503).header('Retry-After', 2);
        if (!(error instanceof SharedSerialNumbers))
          return reply.send({ status: 'unavailable', missing: [store.name, ...away] });
        return reply.send({
          status: 'unavailable',
          missing: [`${store.name} unique serial numbers`, ...away],
          sharedSerialNumbers: [...error.serialNumbers],
        });
      }
    },
  );
};
