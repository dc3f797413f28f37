import { createHash } from 'node:crypto';
import { type Binary, BSON, type Document, ObjectId } from 'mongodb';

/** Of any BSON type, of which these are some: the older service may have chosen its own. */
export type DocumentId = ObjectId | string | number | boolean | Date | Binary;

/** How the key of an outbox starts whose document has another `_id` than an ObjectId. */
const BSON_KEY = 'bson:';
const HEX_ID = /^[0-9a-f]{24}$/;

/** The types that a field may have, as `$type` names them. */
export const BSON_TYPES = [
  ...(['double', 'string', 'object', 'array', 'binData', 'objectId', 'bool', 'date', 'regex'] as const),
  ...(['int', 'long', 'decimal', 'timestamp', 'javascript', 'symbol', 'dbPointer'] as const),
  ...(['minKey', 'maxKey'] as const),
];

/** Finds documents whose `_id` is no ObjectId. It names types, because a negation would read the whole index. */
export const OTHER_ID: Document = { _id: { $type: BSON_TYPES.filter((type) => type !== 'objectId') } };

/** Names the document, whatever type its `_id` has. */
export const toKey = (id: DocumentId): string =>
  id instanceof ObjectId
    ? id.toHexString()
    : `${BSON_KEY}${Buffer.from(BSON.serialize({ id })).toString('base64url')}`;

export const fromKey = (key: string): DocumentId =>
  key.startsWith(BSON_KEY)
    ? BSON.deserialize(Buffer.from(key.slice(BSON_KEY.length), 'base64url')).id
    : new ObjectId(key);

/** 24 hex digits: the `_id` itself where it is that, else derived from it, so that it is always the same. */
export function toPublicId(id: DocumentId): ObjectId {
  if (id instanceof ObjectId) return id;
  if (typeof id === 'string' && HEX_ID.test(id)) return new ObjectId(id);
  const digest = createHash('sha256').update(BSON.serialize({ id })).digest('hex');
  return new ObjectId(digest.slice(0, 24));
}

/** The message for an `_id` of another type. */
export const NO_OBJECT_ID = 'must be an ObjectId; an id is derived from it';

/** For people. */
export const toText = (id: unknown): string =>
  typeof id === 'string' || id instanceof ObjectId ? String(id) : BSON.EJSON.stringify(id);

/** When the document was made, if its `_id` tells. */
export const timeOf = (id: unknown): Date | undefined =>
  id instanceof ObjectId ? id.getTimestamp() : undefined;
