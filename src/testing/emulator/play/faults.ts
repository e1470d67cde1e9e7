import type { FakeCloudApi } from '../../fake/fake-cloud-api.js';
import type { FakeFault } from '../../fake/fake-faults.js';
import type { FaultName, FaultView } from '../view.js';

/** The faults of the page. */
export interface PageFaults {
  /** @throws `Error` if there is no such fault */
  add(name: string): void;
  clear(): void;
  list(): readonly FaultView[];
}

interface KnownFault {
  readonly title: string;
  readonly note: string;
  readonly fault: FakeFault;
}

const stormMs = 30_000;

const known: Readonly<Record<FaultName, KnownFault>> = {
  'lose-response': {
    title: 'Lose the next response',
    note: 'The next request takes effect, but the connection breaks before the response.',
    fault: { kind: 'lose-response', method: 'POST', times: 1 },
  },
  storm: {
    title: '130429 for 30 seconds',
    note: 'Each message fails with Rate limit hit.',
    fault: { kind: 'reject', code: 130429, endpoint: 'messages', forMs: stormMs },
  },
  slow: {
    title: 'Respond after 3 seconds',
    note: 'Each response is late until you remove the faults.',
    fault: { kind: 'slow', delayMs: 3_000 },
  },
  'server-error': {
    title: 'Status 500 for the next request',
    note: 'The next request fails before it takes effect.',
    fault: { kind: 'server-error', times: 1 },
  },
};
const names: readonly FaultName[] = ['lose-response', 'storm', 'slow', 'server-error'];

/** Creates the faults of a fake. */
export function createPageFaults(fake: FakeCloudApi): PageFaults {
  const active = new Map<FaultName, () => boolean>();
  const { faults, clock } = fake;
  return {
    add(name) {
      const found = names.find((other) => other === name);
      if (!found) throw new Error(`There is no fault ${JSON.stringify(name)}. There are: ${names.join(', ')}.`);
      const { fault } = known[found];
      faults.add(fault);
      const before = faults.happened[fault.kind];
      const endsAtMs = clock.monotonic() + (fault.forMs ?? Number.POSITIVE_INFINITY);
      active.set(
        found,
        () => clock.monotonic() < endsAtMs && faults.happened[fault.kind] - before < (fault.times ?? Number.POSITIVE_INFINITY),
      );
    },
    clear() {
      faults.clear();
      active.clear();
    },
    list: () => names.map((name) => ({ name, title: known[name].title, note: known[name].note, active: active.get(name)?.() ?? false })),
  };
}
