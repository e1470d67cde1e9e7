import type { TokenFacts } from '../../access-tokens/debug-token.js';

/**
 * Returns the WABAs that a token was granted: the targets of its management scope. The list is empty if Meta returns no
 * targets. {@link OnboardingModule} uses it to verify a WABA.
 *
 * @param facts - The result of `debugToken`.
 *
 * @example
 * ```ts
 * import { grantedWabaIds } from 'wa-coexist/coexistence';
 *
 * grantedWabaIds({ granular_scopes: [{ scope: 'whatsapp_business_management', target_ids: ['102290129340398'] }] });
 * ```
 */
export function grantedWabaIds(facts: TokenFacts): readonly string[] {
  const granted = (facts.granular_scopes ?? [])
    .filter(({ scope }) => scope === 'whatsapp_business_management')
    .flatMap(({ target_ids = [] }) => target_ids);
  return [...new Set(granted)];
}
