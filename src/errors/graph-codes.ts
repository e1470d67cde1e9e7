import type { GraphErrorKind } from './whatsapp-error.js';

/**
 * Whether a request that Meta answered with an error may go out again.
 *
 * - `safe`: Meta certainly refused it before acting; send again after the wait.
 * - `reads`: the fate is unknown or unclear; only a request that changes nothing may go out again.
 * - `later`: refused, and the same will happen until something changes (a payment method, a template's approval, …).
 * - `never`: refused for good.
 */
export type Resend = 'safe' | 'reads' | 'later' | 'never';

/** What the library knows of a Graph error code: its kind, whether to send again, and how long to wait first. */
export interface CodeFacts {
  readonly kind: GraphErrorKind;
  readonly resend: Resend;
  /** Milliseconds to wait before the first further try, where Meta or practice names one. */
  readonly delayMs?: number;
}

/** One line a combination of facts, so that the table stays small in a consumer's bundle. Source: Meta's error code page and changelog to Sep 2026. */
const rows: readonly (readonly [GraphErrorKind, Resend, readonly number[], number?])[] = [
  ['authentication', 'never', [0, 190]],
  ['permission', 'never', [3, 10, 131005, 138006, 138013, 138018, 131215, 200005, 200006, 200007]],
  ['throttling', 'safe', [4, 80007], 60_000],
  ['throttling', 'safe', [130429, 613, 131208, 138002, 138005], 1_000],
  ['throttling', 'safe', [131057, 2494100], 60_000],
  ['throttling', 'later', [133008, 133009, 133016, 138009, 138012, 132069]],
  ['pair-rate', 'safe', [131056], 6_000],
  ['window-closed', 'never', [131047]],
  ['undeliverable', 'never', [130403, 130472, 130497, 131021, 131026, 131049, 131050, 131051, 131060, 131062, 137000, 138001]],
  ['undeliverable', 'later', [131030]],
  [
    'template',
    'never',
    [132000, 132001, 132005, 132007, 132008, 132012, 132016, 132018, 132068, 134100, 2388039, 2388040, 2388047, 2388072, 2388073],
  ],
  ['template', 'never', [2388019, 2388293, 2388299, 131063, 131064]],
  ['template', 'safe', [134101], 60_000],
  ['template', 'later', [132015, 134102]],
  ['media', 'never', [131052, 131053, 131209, 131210]],
  ['coexistence-sync', 'never', [2593107, 2593108, 2593109]],
  ['account-restricted', 'never', [368, 131031, 131048, 138014]],
  ['account-restricted', 'later', [131037, 131042, 131044, 133010, 134011, 141002, 141006, 141010, 141014]],
  ['invalid-parameter', 'never', [33, 100, 130501, 131008, 131009, 131020, 131041, 131055, 135000, 136024, 139100, 131059]],
  ['server', 'reads', [1, 2, 131000, 131016, 133004, 139102, 139103, 138004, 138007]],
  ['server', 'later', [133000, 131045]],
];

const byCode: ReadonlyMap<number, CodeFacts> = /* @__PURE__ */ tableOf();

function tableOf(): ReadonlyMap<number, CodeFacts> {
  const table = new Map<number, CodeFacts>();
  for (const [kind, resend, codes, delayMs] of rows) {
    for (const code of codes) table.set(code, delayMs === undefined ? { kind, resend } : { kind, resend, delayMs });
  }
  return table;
}

/**
 * What the library knows of a Graph error: by code, else by subcode, else by the range that the code lies in, else by HTTP status.
 * Meta's rule is to branch on the code; the status alone says little, as most refusals are 400.
 */
export function factsOfCode(code: number, subcode: number | undefined, httpStatus: number | undefined): CodeFacts {
  const known = byCode.get(code);
  // Some deployments see the sync codes as a subcode of 100; the more telling of the two wins.
  const detail = subcode === undefined ? undefined : byCode.get(subcode);
  if (detail && (known === undefined || code === 100)) return detail;
  if (known) return known;
  if (code >= 200 && code <= 299) return { kind: 'permission', resend: 'never' };
  if (code >= 132_000 && code < 133_000) return { kind: 'template', resend: 'never' };
  if (httpStatus === 429) return { kind: 'throttling', resend: 'safe', delayMs: 1_000 };
  if (httpStatus !== undefined && httpStatus >= 500) return { kind: 'server', resend: 'reads' };
  return { kind: 'unknown-code', resend: 'never' };
}
