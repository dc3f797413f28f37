import { EventTooLarge } from '../drone/event-size.js';
import { FieldTaken, OutboxFull, SharedSerialNumbers, StoreUnavailable } from '../store/drone-store.js';
import { eventTooLarge, fieldTaken, outboxFull, serialNumbersShared, storeUnavailable } from './problems.js';

export const isOutage = (error: unknown): boolean => error instanceof StoreUnavailable;

/** Turns errors of the store, and of an event's size, into the problems that a caller gets. */
export async function orRefuse<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    if (error instanceof SharedSerialNumbers) throw serialNumbersShared(error);
    if (error instanceof StoreUnavailable) throw storeUnavailable(error);
    if (error instanceof OutboxFull) throw outboxFull();
    if (error instanceof FieldTaken) throw fieldTaken(error.field);
    if (error instanceof EventTooLarge) throw eventTooLarge(error);
    throw error;
  }
}
