import type { Cell, Comparison } from './harness/comparison.ts';
import { requestOf } from './harness/deliveries.ts';
import { libraries } from './peers/libraries.ts';
import type { Received, Receiver } from './peers/library.ts';
import { payloads, type Payload } from './peers/payloads.ts';

/**
 * Coexistence webhooks with their pitfalls, handled by each library. `yes`: the caller receives a typed event. `raw`:
 * the caller receives Meta's untyped JSON. `no`: the webhook is lost, misinterpreted or rejected.
 */
export const comparison: Comparison = {
  async run() {
    const cells = new Map<string, Record<string, Cell>>(payloads.map(({ name }) => [name, {}]));
    const rightly: Record<string, Cell> = {};
    for (const library of libraries) {
      const receiver = await library.receiver();
      let count = 0;
      for (const payload of payloads) {
        const answer = await verdict(receiver, payload);
        if (answer === 'yes') count += 1;
        cells.get(payload.name)![library.name] = answer;
      }
      rightly[library.name] = count;
      await receiver.close?.();
    }
    return [
      { name: 'webhooks handled rightly', unit: `of ${payloads.length}`, cells: rightly },
      ...payloads.map(({ name }) => ({ name: `  ${name}`, unit: '', cells: cells.get(name)! })),
    ];
  },
};

async function verdict(receiver: Receiver, { deliveries, expected, field }: Payload): Promise<'yes' | 'raw' | 'no'> {
  const told: string[] = [];
  const raw = new Set<string>();
  for (const delivery of deliveries) {
    const received = await receiver
      .receive(requestOf(delivery))
      .catch((): Received => ({ response: new Response(null, { status: 500 }), told: [], raw: [] }));
    const { status } = received.response;
    if (!expected) return status >= 400 && status < 500 && received.told.length === 0 ? 'yes' : 'no';
    if (status !== 200) return 'no';
    told.push(...received.told);
    for (const name of received.raw) raw.add(name.replaceAll('_', '').toLowerCase());
  }
  if (told.join('\n') === expected?.join('\n')) return 'yes';
  // A library may spell the names of the fields differently.
  return told.length === 0 && raw.has(field.replaceAll('_', '')) ? 'raw' : 'no';
}
