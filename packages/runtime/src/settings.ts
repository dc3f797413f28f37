import { Type } from '@sinclair/typebox';

/** Settings that more than one process reads. */
export const commonSettings = {
  PORT: (port: number) =>
    Type.Integer({
      minimum: 0,
      maximum: 65_535,
      default: port,
      description: 'a TCP port, 0-65535 (0 = any free one)',
    }),
  HOST: (host: string) => Type.String({ default: host, description: 'an address to listen on' }),
  LOG_LEVEL: Type.Union(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => Type.Literal(level)),
    { default: 'info', description: 'fatal, error, warn, info, debug, trace or silent' },
  ),
  TRUST_PROXY: Type.String({
    default: '',
    description: 'a number of hops, or a comma list of addresses and ranges',
  }),
  CORS_ORIGINS: Type.String({
    default: '',
    format: 'origins',
    description: 'a comma list of origins like https://ops.example.com or http://localhost:*',
  }),
  ALLOWED_HOSTS: Type.String({
    default: '',
    format: 'host-names',
    description: 'a comma list of host names like drones.example.com or *.example.com, without ports',
  }),
  HISTORY_MAX_EVENTS: Type.Integer({
    minimum: 1,
    default: 100_000,
    description: 'a positive whole number of events',
  }),
  HISTORY_MAX_AGE_HOURS: Type.Number({
    exclusiveMinimum: 0,
    default: 24,
    description: 'a positive number of hours',
  }),
  HISTORY_MAX_BYTES: (bytes: number) =>
    Type.Integer({
      minimum: 1_048_576,
      default: bytes,
      description: 'a whole number of bytes, 1048576 or more',
    }),
};

/** The entries of a comma list. */
export const toList = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
