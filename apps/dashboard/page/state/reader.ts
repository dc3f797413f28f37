import { batch, type Signal } from '@preact/signals';
import { type RequestError, toRequestError } from './requests.js';

const RETRY_MS = 3000;

/** `reading`: what is shown may be out of date until it has been read. */
export type ReadState = 'reading' | 'right' | RequestError;

/**
 * Returns a function that reads until it succeeds or the API refuses; it never rejects. A call during a reading begins
 * another one after it. `read` resolves with the function that shows what was read, together with the new state.
 */
export function createReader(state: Signal<ReadState>, read: () => Promise<() => void>): () => Promise<void> {
  let isReading = false;
  let isAskedAgain = false;

  return async () => {
    isAskedAgain = true;
    if (isReading) return;
    isReading = true;
    while (isAskedAgain) {
      isAskedAgain = false;
      if (state.value === 'right') state.value = 'reading';
      try {
        const show = await read();
        batch(() => {
          show();
          state.value = 'right';
        });
      } catch (error) {
        const failure = toRequestError(error);
        state.value = failure;
        if ([401, 403].includes(failure.status)) break;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        isAskedAgain = true;
      }
    }
    isReading = false;
  };
}
