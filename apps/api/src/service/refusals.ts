import { EventTooLarge } from '../drone/event-size.js';
import { Contended, FieldTaken, OutboxFull, StoreUnavailable } from '../store/drone-store.js';
import { contended, eventTooLarge, fieldTaken, outboxFull, storeUnavailable } from './problems.js';

export const isOutage = (error: unknown): boolean => error instanceof StoreUnavailable;

/** Names the refusals of the store, and of events, for a caller. */
export async function orRefuse<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw storeUnavailable(error);
    if (error instanceof OutboxFull) throw outboxFull();
    if (error instanceof FieldTaken) throw fieldTaken(error.field);
    if (error instanceof Contended) throw contended();
    if (error instanceof EventTooLarge) throw eventTooLarge(error);
    throw error;
  }
}
