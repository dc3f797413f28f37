import { Kind, type TSchema, type TString, TypeRegistry } from '@sinclair/typebox';
import { TypeCompiler, type ValueError, ValueErrorType } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';

/** Where a value is wrong (RFC 6901 JSON pointer) and what would be right. */
export interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

/** A schema's own description says what it wants better than a regular expression does. */
function describe({ type, schema, message }: ValueError): string {
  if (type === ValueErrorType.ObjectRequiredProperty) return 'is required';
  if (type === ValueErrorType.ObjectAdditionalProperties) return 'is not a known field';
  return typeof schema.description === 'string' ? `must be ${schema.description}` : message;
}

/** The variant of a union that a value tries to be: the tuple of its length, else the first. */
function variantOf({ schema, value, errors }: ValueError): Iterable<ValueError> | undefined {
  const variants: readonly TSchema[] = schema.anyOf ?? [];
  const index = variants.findIndex(
    ({ items, maxItems }) => Array.isArray(items) && Array.isArray(value) && value.length === maxItems,
  );
  return index > 0 ? errors[index] : errors[0];
}

/** For `T or null`, what is wrong inside a value that tries to be a `T`; a union of scalars speaks for itself. */
function* unfold(errors: Iterable<ValueError>): Generator<ValueError> {
  for (const error of errors) {
    const variant = variantOf(error);
    const isNested = typeof error.value === 'object' && error.value !== null;
    if (error.type === ValueErrorType.Union && isNested && variant) yield* unfold(variant);
    else yield error;
  }
}

/** Most errors that an answer lists. A body can have thousands. */
const MAX_ERRORS = 100;

/** One error per place: the first is the reason, the others follow from it. */
export function collectErrors(errors: Iterable<ValueError>): FieldError[] {
  const byPointer = new Map<string, FieldError>();
  for (const error of unfold(errors)) {
    if (byPointer.size === MAX_ERRORS) break;
    if (!byPointer.has(error.path))
      byPointer.set(error.path, { pointer: error.path, message: describe(error) });
  }
  return [...byPointer.values()];
}

/** A number as JSON writes it (RFC 8259 section 6), without an exponent. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** What stays text is for the schema to refuse. */
function fromText(property: TSchema | undefined, text: string): unknown {
  if (property?.type === 'boolean' && /^(?:true|false)$/.test(text)) return text === 'true';
  if (['integer', 'number'].includes(property?.type) && NUMBER.test(text)) return Number(text);
  return text;
}

const convertTexts = ({ properties = {} }: TSchema, values: object): object =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? fromText(properties[name], value) : value,
    ]),
  );

/** A string schema whose lengths count code points, which is what JSON Schema means by them; TypeBox counts UTF-16 units. */
const TEXT = 'Text';

interface TextSchema extends TSchema {
  readonly minLength?: number;
  readonly maxLength?: number;
  /** What else the string must be. */
  readonly rest: TString;
}

/** Counts only where the number of UTF-16 units leaves it open. */
function hasLength(text: string, minLength: number, maxLength: number): boolean {
  if (text.length < minLength || text.length > 2 * maxLength) return false;
  if (text.length >= 2 * minLength && text.length <= maxLength) return true;
  const length = [...text].length;
  return length >= minLength && length <= maxLength;
}

TypeRegistry.Set<TextSchema>(
  TEXT,
  ({ minLength = 0, maxLength = Number.POSITIVE_INFINITY, rest }, value) =>
    Value.Check(rest, value) && hasLength(value, minLength, maxLength),
);

/** The schema, with each string that has a length made a {@link TEXT}. */
function countCodePoints<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(countCodePoints) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const { minLength, maxLength, ...rest } = schema as T & Partial<TString>;
  if (rest[Kind] === 'String' && (minLength !== undefined || maxLength !== undefined))
    return { ...schema, [Kind]: TEXT, rest };
  const inner = Object.entries(schema).map(([name, member]) => [name, countCodePoints(member)]);
  return { ...schema, ...Object.fromEntries(inner) };
}

/**
 * Fastify's validator compiler. Bodies are taken as they are; queries, params and headers, which can only be text, are
 * converted to the schema's types.
 */
export function compileValidator({ schema, httpPart }: { schema: TSchema; httpPart?: string }) {
  const checker = TypeCompiler.Compile(countCodePoints(schema));
  return (value: unknown) => {
    const converted = httpPart === 'body' ? value : convertTexts(schema, value as object);
    if (checker.Check(converted)) return { value: converted };
    return { error: new ValidationError(collectErrors(checker.Errors(converted))) };
  };
}

export class ValidationError extends Error {
  override readonly name = 'ValidationError';

  constructor(readonly errors: readonly FieldError[]) {
    super(errors.map(({ pointer, message }) => `${pointer} ${message}`.trim()).join('; '));
  }
}
