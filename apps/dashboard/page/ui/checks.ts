/** Messages for fields whose values are wrong, by the field's name. */
export type Messages<F extends string> = Readonly<Partial<Record<F, string>>>;

const URL_FORM = /^[a-z][a-z0-9+.-]*:\/\/[^\s/]/i;

function isUrl(text: string): boolean {
  try {
    new URL(text);
    return URL_FORM.test(text);
  } catch {
    return false;
  }
}

/** Each gives a sentence about what is wrong with a text, or undefined. */
export const notBlank =
  (sentence: string) =>
  (text: string): string | undefined =>
    text.trim() === '' ? sentence : undefined;

export const urlOrEmpty = (text: string): string | undefined =>
  text === '' || isUrl(text.trim()) ? undefined : 'Enter a full URL, such as rtsp://camera.example.com/live.';

/** Without those that are undefined. */
export const toMessages = <F extends string>(
  messages: Readonly<Partial<Record<F, string | undefined>>>,
): Messages<F> =>
  Object.fromEntries(Object.entries(messages).filter(([, message]) => message !== undefined)) as Messages<F>;

/** The API says `must be a string…`, `is taken`: as a sentence. */
const toSentence = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;

/** What the API says against a request: by field where the form has one, and the rest. */
export function sortErrors<F extends string>(
  errors: readonly { readonly pointer: string; readonly message: string }[],
  pointers: Readonly<Record<F, string>>,
): { readonly messages: Messages<F>; readonly others: typeof errors } {
  const nameOf = (pointer: string): string | undefined =>
    Object.keys(pointers).find((name) => {
      const own = pointers[name as F];
      return pointer === own || pointer.startsWith(`${own}/`);
    });
  const messages: Record<string, string> = {};
  for (const { pointer, message } of errors) {
    const name = nameOf(pointer);
    if (name !== undefined) messages[name] ??= toSentence(message);
  }
  return { messages: messages as Messages<F>, others: errors.filter(({ pointer }) => !nameOf(pointer)) };
}
