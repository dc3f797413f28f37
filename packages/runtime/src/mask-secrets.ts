import { MASK, replaceSecrets, secretParameters } from '@dronecast/events';

/** The password of a database's or a stream's URL, and the user name before it: RFC 3986 section 3.2.1. */
const USER_INFO = /(\w:\/\/)(?:[^"\\/\n]|\\.)*@/g;
/** The subprotocol by which browsers bring a token. */
const TOKEN_SUBPROTOCOL = /\b(bearer\.)[\w.-]+/gi;
/** RFC 6750 section 2.1; what is shorter is a word of a sentence. */
const TOKEN_HEADER = /\b(bearer\s+)[\w.~+/-]{16,}=*/gi;
/** A member of an object up to its value's quote, as JSON (also of text within JSON) and as Node prints it. */
const MEMBER = /\b(?:password|authorization|access_token|sec-websocket-protocol)\\*["']?\s*:\s*\\*["']/gi;

/** The index of the quote that ends the text from `from` on, or the end; a backslash takes what follows it along. */
function endOfText(text: string, from: number, quote: string | undefined): number {
  let at = from;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return at;
}

function maskMembers(text: string): string {
  let masked = '';
  let end = 0;
  for (const { 0: member, index } of text.matchAll(MEMBER)) {
    if (index < end) continue;
    const start = index + member.length;
    masked += text.slice(end, start) + MASK;
    end = endOfText(text, start, member.at(-1));
  }
  return masked + text.slice(end);
}

/** What a value of a parameter in a log can't go beyond: quotes, escapes and blanks. */
const STOPS = '"\'\\ \n\r\t<>';

const maskParameters = (text: string): string =>
  replaceSecrets(text, secretParameters(text, STOPS), () => MASK);

/** Text for a log or a terminal without the secrets that it may carry; takes time in proportion to its length. */
export const maskSecrets = (text: string): string =>
  maskMembers(
    maskParameters(text)
      .replace(USER_INFO, `$1${MASK}@`)
      .replace(TOKEN_SUBPROTOCOL, `$1${MASK}`)
      .replace(TOKEN_HEADER, `$1${MASK}`),
  );
