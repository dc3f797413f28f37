import { traceparentOf } from '@dronecast/events';
import { propagation, ROOT_CONTEXT, type Span, SpanKind, type Tracer } from '@opentelemetry/api';

/** A span for each event that belongs to a trace: from its arrival until the relay next writes to its clients. */
export function createDeliveryTrace(tracer: Tracer) {
  let open: Span[] = [];
  return {
    arrived(text: Buffer): void {
      const traceparent = traceparentOf(text);
      if (traceparent === undefined) return;
      const parent = propagation.extract(ROOT_CONTEXT, { traceparent });
      open.push(tracer.startSpan('deliver', { kind: SpanKind.CONSUMER }, parent));
    },
    written(): void {
      for (const span of open) span.end();
      open = [];
    },
  };
}

export type DeliveryTrace = ReturnType<typeof createDeliveryTrace>;
