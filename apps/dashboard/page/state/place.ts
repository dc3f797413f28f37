import { signal } from '@preact/signals';
import { hasUnsaved, leave } from './unsaved.js';

/** What the page shows stands in its query, so that a link shows the same. */
const params = signal(new URLSearchParams(location.search));

/** What the history keeps of an entry. */
interface Entry {
  /** It was made by opening a device, so going back closes it. */
  readonly isDevice?: true;
}

const toUrl = (query: URLSearchParams): string => (query.size > 0 ? `?${query}` : location.pathname);

export const param = (name: string): string => params.value.get(name) ?? '';

addEventListener('popstate', () => {
  const next = new URLSearchParams(location.search);
  const isLeft = ['sn', 'view'].some((name) => (next.get(name) ?? '') !== param(name));
  if (!isLeft || !hasUnsaved()) {
    params.value = next;
    return;
  }
  // The browser has already gone back. The entry is made again, and left once the user agrees.
  history.pushState({ isDevice: true } satisfies Entry, '', toUrl(params.value));
  leave(() => history.back());
});

function change(changes: Readonly<Record<string, string>>): string {
  const next = new URLSearchParams(params.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  params.value = next;
  return toUrl(next);
}

/** Changes the query without a new entry in the history, for values that change with each key. Removes empty values. */
export const adjust = (changes: Readonly<Record<string, string>>): void =>
  history.replaceState(history.state, '', change(changes));

/** Another view, without the device that was open. */
export const openView = (view: string): void =>
  leave(() => history.pushState(null, '', change({ view, sn: '' })));

/** Opens a device beside the view. Going back closes it. */
export function openDevice(sn: string): void {
  if (param('sn') === sn) return;
  leave(() => {
    if (param('sn') !== '') adjust({ sn });
    else history.pushState({ isDevice: true } satisfies Entry, '', change({ sn }));
  });
}

export const closeDevice = (): void =>
  leave(() => {
    if ((history.state as Entry | null)?.isDevice) history.back();
    else adjust({ sn: '' });
  });
