import { Queue } from '../../../test/support/queue.js';
import type { LiveListener } from '../src/index.js';

export type LiveCall =
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' }
  | { readonly type: 'message'; readonly channel: string; readonly text: string };

/** A listener that queues each call. */
export class LiveRecorder extends Queue<LiveCall> implements LiveListener {
  connected(): void {
    this.push({ type: 'connected' });
  }

  disconnected(): void {
    this.push({ type: 'disconnected' });
  }

  message(channel: string, payload: Buffer): void {
    this.push({ type: 'message', channel, text: payload.toString() });
  }

  /** The next call of a type; calls before it are dropped. */
  async until(type: LiveCall['type']): Promise<void> {
    await this.find((call) => call.type === type);
  }

  /** The next `count` messages, as `[channel, text]`; any other call in between is an error. */
  async messages(count: number): Promise<[channel: string, text: string][]> {
    return (await this.take(count)).map((call) => {
      if (call.type !== 'message') throw new Error(`${call.type} instead of a message`);
      return [call.channel, call.text];
    });
  }
}
