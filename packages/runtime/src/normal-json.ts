import { Problem } from './problem.js';
import { type FieldError, ValidationError } from './validation.js';

/** A member's name in a JSON pointer (RFC 6901 section 3). */
const escapeName = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Names by which a program that copies members could be made to change what all of its objects inherit. */
const isPoison = (name: string, value: unknown): boolean =>
  name === '__proto__' ||
  (name === 'constructor' &&
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'prototype'));

/**
 * Brings a parsed JSON value into the one form in which it is stored and compared: negative zero becomes zero, because
 * databases and JSON readers do not agree on it. Changes the value in place. Throws a ValidationError that names each text
 * with half of a surrogate pair: such text has no UTF-8, so no database and no frame returns it as it came (RFC 8259
 * section 8.2). Throws a Problem (400) that names a member whose name is poison for JavaScript programs.
 */
export function normalizeJson(json: object): void {
  const errors: FieldError[] = [];

  function checkText(text: string, pointer: string): void {
    if (!text.isWellFormed()) errors.push({ pointer, message: 'must be well-formed Unicode text' });
  }

  function visit(container: object, pointer: string): void {
    for (const [name, value] of Object.entries(container)) {
      const inner = `${pointer}/${escapeName(name).toWellFormed()}`;
      if (isPoison(name, value)) {
        const message = 'must not have this name';
        throw new Problem(400, 'malformed_json', `${inner} ${message}`, {
          errors: [{ pointer: inner, message }],
        });
      }
      checkText(name, inner);
      if (Object.is(value, -0)) Object.assign(container, { [name]: 0 });
      else if (typeof value === 'string') checkText(value, inner);
      else if (typeof value === 'object' && value !== null) visit(value, inner);
    }
  }

  visit(json, '');
  if (errors.length > 0) throw new ValidationError(errors);
}
