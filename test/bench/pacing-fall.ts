import type { Figure } from './harness/figure.ts';
import { runCampaign } from './pacing/campaign.ts';

/** Enough for ten seconds before the limit falls and one minute after it. */
const messages = 20 * 10 + 5 * 60;

/** Meta lowers the limit without notifying the sender. */
export const figure: Figure = {
  name: 'refused in the minute after the limit fell from 20 to 5 without notice, 0 to 50 ms each way',
  target: { below: 5 },
  also: { lost: { atMost: 0 } },
  onlyInFull: true,
  async run() {
    const meta = { cap: 20, jitterMs: 50, counts: 'accepted', fall: { to: 5, afterMs: 10_000 } } as const;
    const { acceptedAtMs, afterFall } = await runCampaign(meta, { messages });
    return {
      value: (afterFall.refused / (afterFall.refused + afterFall.accepted)) * 100,
      unit: '%',
      details: { lost: messages - acceptedAtMs.length, refused: afterFall.refused, accepted: afterFall.accepted },
    };
  },
};
