import type { FakeFault, FakeFaultKind, FakeFaults } from './fake-faults.js';
import type { Random } from './random.js';

/** Faults as the server sees them. */
export interface Faults extends FakeFaults {
  /** The fault that meets a request, if any. */
  meet(request: { readonly method: string; readonly id: string | undefined; readonly endpoint: string }): FakeFault | undefined;
}

/** Makes an empty list of faults. */
export function createFaults(random: Random, now: () => number): Faults {
  const active: { readonly fault: FakeFault; readonly endsAtMs: number; left: number }[] = [];
  const happened: Record<FakeFaultKind, number> = {
    cut: 0,
    'server-error': 0,
    html: 0,
    reject: 0,
    slow: 0,
    'lose-response': 0,
    'server-error-after': 0,
  };
  return {
    happened,
    add(fault) {
      const forMs = fault.forMs ?? Number.POSITIVE_INFINITY;
      const entry = { fault, endsAtMs: now() + forMs, left: fault.times ?? Number.POSITIVE_INFINITY };
      active.push(entry);
      return () => {
        entry.left = 0;
      };
    },
    clear() {
      active.length = 0;
    },
    meet({ method, id, endpoint }) {
      for (const entry of active) {
        const { fault } = entry;
        if (entry.left <= 0 || now() >= entry.endsAtMs) continue;
        if ((fault.method ?? method) !== method || (fault.endpoint ?? endpoint) !== endpoint || (fault.id ?? id) !== id) continue;
        if (random.next() >= (fault.share ?? 1)) continue;
        entry.left -= 1;
        happened[fault.kind] += 1;
        return fault;
      }
      return undefined;
    },
  };
}
