import type { Comparison } from './harness/comparison.ts';
import { libraries } from './peers/libraries.ts';
import type { Receiver } from './peers/library.ts';
import { textsPerSecond } from './peers/texts-per-second.ts';

/**
 * Deliveries of one text, from the request to the handler. Excludes libraries that need a server, because its time
 * would count.
 */
export const comparison: Comparison = {
  async run() {
    const receivers = new Map<string, Receiver>();
    for (const library of libraries) {
      const receiver = await library.receiver();
      if (receiver.timed) receivers.set(library.name, receiver);
      else await receiver.close?.();
    }
    const cells = Object.fromEntries(await textsPerSecond(receivers));
    return [{ name: 'webhooks with one text, taken in', unit: 'a second', cells }];
  },
};
