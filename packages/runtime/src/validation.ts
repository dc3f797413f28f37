import type { TSchema } from '@sinclair/typebox';
import { TypeCompiler, type ValueError, ValueErrorType } from '@sinclair/typebox/compiler';

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

/** For `T or null`, what is wrong inside a value that tries to be a `T`; a union of scalars speaks for itself. */
function* unfold(errors: Iterable<ValueError>): Generator<ValueError> {
  for (const error of errors) {
    const [firstVariant] = error.errors;
    const isNested = typeof error.value === 'object' && error.value !== null;
    if (error.type === ValueErrorType.Union && isNested && firstVariant) yield* unfold(firstVariant);
    else yield error;
  }
}

/** One error per place: the first is the reason, the others follow from it. */
export function collectErrors(errors: Iterable<ValueError>): FieldError[] {
  const byPointer = new Map<string, FieldError>();
  for (const error of unfold(errors)) {
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

/**
 * Fastify's validator compiler. Bodies are taken as they are; queries, params and headers, which can only be text, are
 * converted to the schema's types.
 */
export function compileValidator({ schema, httpPart }: { schema: TSchema; httpPart?: string }) {
  const checker = TypeCompiler.Compile(schema);
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
