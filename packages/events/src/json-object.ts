import { Type } from '@sinclair/typebox';

/**
 * Any JSON object. Not a `Type.Record`, whose pattern for names, `^(.*)$`, has no line breaks: serializers would drop such
 * members without a word.
 */
export const jsonObject = (description: string) =>
  Type.Unsafe<Record<string, unknown>>(Type.Object({}, { additionalProperties: true, description }));
