import type { Figure } from '../harness/figure.ts';
import { runCampaign } from './campaign.ts';
import type { ClientSettings } from './client.ts';
import type { MetaSettings } from './meta.ts';

/** A row about the sender at a limit, and what is asked of it in per cent. */
export interface PacingRow extends MetaSettings, Pick<ClientSettings, 'messages' | 'pacing'> {
  readonly name: string;
  readonly usedAtLeast: number;
  readonly refusedAtMost: number;
  readonly onlyInFull?: boolean;
}

/**
 * What share of the limit is used against a server that keeps Meta's limit in every trailing second, over whole seconds from the first
 * acceptance on, so that neither a burst nor a ragged end flatters; and what is refused.
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
