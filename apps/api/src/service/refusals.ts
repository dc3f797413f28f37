import { BusUnavailable } from '@dronecast/bus';
import { EventTooLarge } from '../drone/event-size.js';
import {
  FieldTaken,
  OutboxFull,
  OutcomeUnknown,
  SharedSerialNumbers,
  StoreUnavailable,
} from '../store/drone-store.js';
import { eventTooLarge, fieldTaken, outboxFull, serialNumbersShared, storeUnavailable } from './problems.js';

/** The outage that an error tells of, for tasks that have not begun; undefined for any other error. */
export function outageOf(error: unknown): StoreUnavailable | undefined {
  if (error instanceof OutcomeUnknown) return new StoreUnavailable(error.message, { cause: error });
  return error instanceof StoreUnavailable ? error : undefined;
}

/** Whether a write that was refused with this error may have been carried out. */
export const mayHaveCommitted = (error: unknown): boolean =>
  error instanceof Error && (error.cause instanceof OutcomeUnknown || error.cause instanceof BusUnavailable);

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
