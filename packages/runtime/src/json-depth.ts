const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CASE_BIT = 0x20;
/** `[` and `{` differ in the case bit alone, and so do `]` and `}`. */
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Whether the arrays and objects of a JSON text are nested more than `levels` deep. It takes one pass and no recursion.
 * Validators and serializers recurse into every level, so they must not see deeper values.
 */
export function isDeeperThan(levels: number, json: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (isInString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if ((code | CASE_BIT) === OPEN) {
      depth += 1;
      if (depth > levels) return true;
    } else if ((code | CASE_BIT) === CLOSE) depth -= 1;
  }
  return false;
}
