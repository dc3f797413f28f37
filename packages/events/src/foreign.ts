import { type Static, Type } from '@sinclair/typebox';
import { jsonObject } from './json-object.js';
import { SerialNumber } from './serial-number.js';

/** What another program published, as a client receives it: live, at most once, never resumed. */
export const ForeignEvent = Type.Object({
  type: Type.Union([Type.Literal('drone:event'), Type.Literal('system:event')]),
  channel: Type.String({ examples: ['drone:DRN-0042:weather', 'drone:AC%3ACC%3A8E%3A0F%3A12%3A34:weather'] }),
  serialNumber: Type.Optional(SerialNumber),
  foreign: Type.Literal(true),
  data: jsonObject('as it was published'),
});
export type ForeignEvent = Static<typeof ForeignEvent>;
