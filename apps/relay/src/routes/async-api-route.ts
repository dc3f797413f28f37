import { createAsyncApi } from '@dronecast/events';
import type { FastifyPluginAsync } from 'fastify';
import { PollQuery, StreamQuery } from './stream-query.js';

/** The protocol as AsyncAPI 3, made from the schemas that are in use. */
export const asyncApiRoute: FastifyPluginAsync = async (app) => {
  const document = JSON.stringify(createAsyncApi({ stream: StreamQuery, poll: PollQuery }));
  app.get('/asyncapi.json', { config: { access: 'public' } }, async (_request, reply) =>
    reply.type('application/json').send(document),
  );
};
