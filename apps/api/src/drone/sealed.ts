/** How a secret starts that is stored encrypted: by this form, and then by the id of the key. */
export const SEALED_PREFIX = 'sealed:1:';

/** Whether a secret is still encrypted, since the key that it was encrypted with is not known here. */
export const isSealed = (text: string): boolean => text.startsWith(SEALED_PREFIX);
