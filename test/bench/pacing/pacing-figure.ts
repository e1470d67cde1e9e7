import type { Figure } from '../harness/figure.ts';
import { runCampaign } from './campaign.ts';
import type { ClientSettings } from './client.ts';
import type { MetaSettings } from './meta.ts';

/** A row about the sender at a limit, with its targets in percent. */
export interface PacingRow extends MetaSettings, Pick<ClientSettings, 'messages' | 'pacing'> {
  readonly name: string;
  readonly usedAtLeast: number;
  readonly refusedAtMost: number;
  readonly onlyInFull?: boolean;
}

/**
 * Measures the used share of the limit with a server that enforces Meta's limit in every trailing second, over whole
 * seconds from the first acceptance on, so bursts and an incomplete last second don't distort it. Also measures the
 * rejected share.
 */
export function pacingFigure({ name, messages, pacing, usedAtLeast, refusedAtMost, onlyInFull, ...meta }: PacingRow): Figure {
  return {
    name,
    target: { atLeast: usedAtLeast },
    also: { '% refused': { atMost: refusedAtMost }, lost: { atMost: 0 }, doubled: { atMost: 0 } },
    ...(onlyInFull && { onlyInFull }),
    async run() {
      const { acceptedAtMs, doubled, refused } = await runCampaign(meta, { messages, ...(pacing && { pacing }) });
      const [first = 0] = acceptedAtMs;
      const seconds = Math.max(1, Math.floor(((acceptedAtMs.at(-1) ?? 0) - first) / 1_000));
      const within = acceptedAtMs.filter((atMs) => atMs < first + seconds * 1_000).length;
      return {
        value: (within / seconds / meta.cap) * 100,
        unit: '%',
        details: {
          '% refused': (refused / (refused + acceptedAtMs.length)) * 100,
          lost: messages + doubled - acceptedAtMs.length,
          doubled,
        },
      };
    },
  };
}
