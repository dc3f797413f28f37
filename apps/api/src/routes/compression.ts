import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';

/** Smaller answers fit into one packet as they are. */
const MIN_BYTES = 1024;
/** Beyond it zlib works in its own threads; below, handing over costs more than the event loop saves. */
const MAX_INLINE_BYTES = 4096;
const GZIP_LEVEL = 6;
/** Compresses better than gzip at its level, in less time. */
const BROTLI_QUALITY = 4;

/** A cache must not give an encoded answer to a client that did not ask for one, nor the other way round. */
function varyByEncoding(reply: FastifyReply): void {
  const names = [reply.getHeader('Vary') ?? []].flat().map(String);
  if (/accept-encoding/i.test(names.join())) return;
  reply.header('Vary', [...names, 'Accept-Encoding'].join(', '));
}

/**
 * Encodes answers with brotli or gzip, as the caller accepts it, on all routes that are added afterwards and do not say
 * `compress: false`. Bodies of requests are taken as they are, because a small encoded one can decode to any size.
 */
export const compression = fp(async (app) => {
  await app.register(compress, {
    encodings: ['br', 'gzip'],
    globalDecompression: false,
    threshold: MIN_BYTES,
    syncThreshold: MAX_INLINE_BYTES,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
    zlibOptions: { level: GZIP_LEVEL },
  });
  // After the hook of the library, which names the header only where it encodes.
  app.addHook('onRoute', (route) => {
    if (route.compress === false) return;
    route.onSend = [
      ...[route.onSend ?? []].flat(),
      async (request, reply) => {
        varyByEncoding(reply);
        // Of the plain answer; how long an encoded one is nobody knows before it is made.
        if (request.method === 'HEAD' && request.headers['accept-encoding'])
          reply.removeHeader('Content-Length');
      },
    ];
  });
});
