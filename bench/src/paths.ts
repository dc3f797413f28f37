import { fileURLToPath } from 'node:url';

/** Of the built bench to the repository's root. */
const ROOT = new URL('../../../', import.meta.url);

export const fromRoot = (path: string): string => fileURLToPath(new URL(path, ROOT));
export const builtPath = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
/** A module as `node --import` takes it. */
export const PROBE = new URL('./probe.js', import.meta.url).href;
