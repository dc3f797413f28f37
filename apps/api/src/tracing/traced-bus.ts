import type { EventBus } from '@dronecast/bus';
import { traceparentOf } from '@dronecast/events';
import { propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';

/** The bus, with a span for each change that is published; many may be in one call. */
export function traceBus(bus: EventBus, tracer: Tracer): EventBus {
  return {
    ...bus,
    async publish(outboxes) {
      const traces = new Set(
        outboxes.flatMap(({ entries }) => entries.map(({ events }) => traceparentOf(events[0]?.body ?? ''))),
      );
      const spans = [...traces].flatMap((traceparent) => {
        if (traceparent === undefined) return [];
        const parent = propagation.extract(ROOT_CONTEXT, { traceparent });
        return [tracer.startSpan('publish', { kind: SpanKind.PRODUCER }, parent)];
      });
      try {
        return await bus.publish(outboxes);
      } catch (error) {
        for (const span of spans) span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
        throw error;
      } finally {
        for (const span of spans) span.end();
      }
    },
  };
}
