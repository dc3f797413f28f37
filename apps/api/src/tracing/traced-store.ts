import { type EventMessage, withTraceparent } from '@dronecast/events';
import { inSpan } from '@dronecast/runtime';
import { context, propagation, type Tracer } from '@opentelemetry/api';
import type { DroneStore } from '../store/drone-store.js';

/** The events carry the trace of the change that made them: who publishes and delivers them goes on with it. */
function traced(events: readonly EventMessage[]): readonly EventMessage[] {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  const { traceparent } = carrier;
  if (traceparent === undefined) return events;
  return events.map(({ channel, body }) => ({ channel, body: withTraceparent(body, traceparent) }));
}

/** The store, with a span for each commit. */
export function traceStore(store: DroneStore, tracer: Tracer): DroneStore {
  return {
    ...store,
    register: (drone, events, signal, registration) =>
      inSpan(tracer, 'register', () => store.register(drone, traced(events), signal, registration)),
    commit: (snapshot, commit) =>
      inSpan(tracer, 'commit', () => store.commit(snapshot, { ...commit, events: traced(commit.events) })),
    remove: (snapshot, events) => inSpan(tracer, 'remove', () => store.remove(snapshot, traced(events))),
  };
}
