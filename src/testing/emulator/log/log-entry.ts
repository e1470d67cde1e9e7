import type { FakeDelivery } from '../../fake/fake-delivery.js';
import type { FakeRequestRecord } from '../../fake/fake-request.js';

/** A request or a delivery, in the order of their start. */
export type LogEntry =
  | { readonly position: number; readonly atMs: number; readonly request: FakeRequestRecord }
  | { readonly position: number; readonly atMs: number; readonly delivery: FakeDelivery };
