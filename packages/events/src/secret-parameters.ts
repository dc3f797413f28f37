/** What names a secret in `name=value`, in lower case and without `-`, `_` and `.`. */
const SECRETS = new Set([
  ...[
    'password',
    'passwd',
    'passphrase',
    'passcode',
    'passwort',
    'pass',
    'pas',
    'pwd',
    'passhash',
    'passwordhash',
    'pw',
    'psw',
    'pswd',
  ],
  ...['loginpas', 'loginpass', 'pubpasswd', 'pin', 'otp', 'token', 'jwt', 'bearer', 'auth', 'authbasic'],
  ...['authorization', 'authinfo', 'authkey', 'key', 'apikey', 'streamkey', 'accesskey', 'sharedkey'],
  ...['secret', 'apisecret', 'txsecret', 'hwsecret', 'signature', 'sig', 'sign', 'authsign', 'wmsauthsign'],
  ...['hmac', 'md5', 'credential', 'credentials', 'ticket', 'cookie', 'session', 'sessionid', 'sid'],
  ...['jsessionid', 'phpsessid', 'hdnea', 'hdnts', 'hdntl', 'wowzatokenhash', 'googleaccessid', 'streamid'],
]);
/** What names the account that a password is for. */
const ACCOUNTS = new Set([
  ...['user', 'usr', 'username', 'usrname', 'userid', 'login', 'loginuse', 'loginuser', 'loginname'],
  ...['account', 'uname', 'pubuser'],
]);
/** What a longer name of a secret ends with, such as `cameraPassword`. */
const ENDINGS = ['password', 'passwd', 'passphrase', 'pwd', 'token', 'secret', 'signature', 'apikey', 'jwt'];
/** Their value may also be the number of a stream. */
const MAY_BE_NUMBERS = new Set(['streamid', 'sid', 'session']);
/** Names of an account and its password where both are there; alone they are as often something else. */
const PAIR = ['u', 'p'];
/** XMEye separates its parameters by `_` too: `/user=admin_password=x_channel=1_stream=0.sdp`. */
const XMEYE_NAMES = ['_user=', '_password=', '_channel=', '_stream='];

const isNameCharacter = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || // a-z
  (code >= 0x41 && code <= 0x5a) || // A-Z
  (code >= 0x30 && code <= 0x39) || // 0-9
  code === 0x25 || // %
  code === 0x2d || // -
  code === 0x2e || // .
  code === 0x5b || // [
  code === 0x5d || // ]
  code === 0x5f; // _

const isNumber = (text: string): boolean => /^\d{1,3}$/.test(text);

/** The words of a name in lower case: `%61piKey`, `api-key` and `user[api_key]` end alike. */
function wordsOf(name: string): string[] {
  if (/^[a-z]+$/.test(name)) return [name];
  const decoded = name.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const last = (decoded.match(/[\w.-]+/g) ?? []).at(-1) ?? '';
  return last
    .replace(/[a-z0-9](?=[A-Z])/g, '$&-')
    .toLowerCase()
    .split(/[-_.]/);
}

function isSecretName(plain: string, lastWord: string): boolean {
  return (
    ACCOUNTS.has(plain) ||
    SECRETS.has(plain) ||
    (SECRETS.has(lastWord) && !MAY_BE_NUMBERS.has(lastWord)) ||
    ENDINGS.some((ending) => plain.endsWith(ending))
  );
}

/** Whether `name=` stands at `from`. */
function isNameAt(text: string, from: number): boolean {
  let at = from;
  while (isNameCharacter(text.charCodeAt(at))) at += 1;
  return at > from && text[at] === '=';
}

/** A part of a text, and what names it. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  /** In lower case, its words joined. */
  readonly name: string;
}

/**
 * Values of parameters whose names say that they are secret, in the query, the fragment, the path and its `;` parameters.
 * Passwords are often written without the escapes that a URL asks for. So `;`, `#`, `?` and a space end a value only
 * where the next parameter follows, and `/` only in a path that has no `&` behind it. Each character of `stops` ends a value wherever it is. Takes time in
 * proportion to the text.
 */
export function secretParameters(text: string, stops = ''): SecretSpan[] {
  const firstMark = text.search(/[?#]/);
  const pathEnd = firstMark < 0 ? text.length : firstMark;
  const lastAmpersand = text.lastIndexOf('&');
  const lastAmpersandOfPath = text.lastIndexOf('&', pathEnd);
  const isSrt = /^\s{0,8}srt/i.test(text);

  function isEnd(at: number): boolean {
    const character = text.charAt(at);
    if (character === '&' || stops.includes(character)) return true;
    if (character === '/') return at < pathEnd && at > lastAmpersandOfPath;
    if (character === '?') return at > lastAmpersand || isNameAt(text, at + 1);
    if (character === '_') return XMEYE_NAMES.some((name) => text.startsWith(name, at));
    return [';', '#', ' '].includes(character) && isNameAt(text, at + 1);
  }

  const spans: SecretSpan[] = [];
  const pair: SecretSpan[] = [];
  let from = 0;
  for (let equals = text.indexOf('='); equals >= 0; equals = text.indexOf('=', from)) {
    let start = equals;
    while (start > from && isNameCharacter(text.charCodeAt(start - 1))) start -= 1;
    const words = wordsOf(text.slice(start, equals));
    const name = words.join('');
    from = equals + 1;
    const isOfPair = PAIR.includes(name);
    if (!isOfPair && !isSecretName(name, words.at(-1) ?? '')) continue;
    const isWholeId = isSrt && name === 'streamid'; // It may hold `#!::u=pilot,s=secret`.
    let end = from;
    while (end < text.length && !(isWholeId ? text[end] === '&' : isEnd(end))) end += 1;
    const value = text.slice(from, end);
    if (value === '' || (MAY_BE_NUMBERS.has(name) && !isSrt && isNumber(value))) continue;
    (isOfPair ? pair : spans).push({ start: from, end, name });
    from = end;
  }
  if (!PAIR.every((name) => pair.some((span) => span.name === name))) return spans;
  return [...spans, ...pair].sort((a, b) => a.start - b.start);
}
