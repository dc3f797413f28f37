import { readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);

/** The code blocks of one language in a document, such as `docs/CONSUMERS.md`, in their order. */
export function codeBlocks(document: string, language: string): string[] {
  const text = readFileSync(new URL(document, ROOT), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, name]) => name === language)
    .map(([, , code]) => code ?? '');
}
