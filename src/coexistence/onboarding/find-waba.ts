import { debugToken, type TokenFacts } from '../../access-tokens/debug-token.js';
import type { Client, RequestOptions } from '../../client/client.js';
import { OnboardingError } from '../../errors/coexistence-errors.js';
import { GraphApiError } from '../../errors/graph-api-error.js';
import { clientWithToken } from './client-with-token.js';
import { readNumbers } from './read-numbers.js';

/** The WABAs that a token was granted, according to Meta. */
export interface VerifiedWaba {
  readonly wabaId: string | undefined;
  /** Empty for a token without targets. */
  readonly granted: readonly string[];
}

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

/**
 * Finds the WABA that a token was granted. The `hint` comes from a browser or a caller and must be a granted WABA.
 *
 * @param client - The client.
 * @param token - The token.
 * @param hint - The expected WABA.
 * @param options - The options of the requests.
 * @returns no WABA if several were granted and the hint is missing
 * @throws `OnboardingError` if the token wasn't granted the hint
 */
export async function verifyWaba(client: Client, token: string, hint: string | undefined, options?: RequestOptions): Promise<VerifiedWaba> {
  const withToken = clientWithToken(client, token);
  const granted = grantedWabaIds(await debugToken(client, { token }, options));
  if (hint !== undefined) {
    if (granted.includes(hint)) return { wabaId: hint, granted };
    if (granted.length > 0) throw new OnboardingError('waba-not-granted');
    // A token without targets was granted all WABAs of its owner. It can read only those.
    await readNumbers(withToken, hint, options).catch((error: unknown) => {
      throw isRefusal(error) ? new OnboardingError('waba-not-granted') : error;
    });
    return { wabaId: hint, granted };
  }
  const [first, ...others] = granted;
  if (first === undefined || others.length === 0) return { wabaId: first, granted };
  const withNumbers: string[] = [];
  for (const wabaId of granted) {
    const numbers = await readNumbers(withToken, wabaId, options);
    if (numbers.some(({ coexistence }) => coexistence)) withNumbers.push(wabaId);
  }
  return { wabaId: withNumbers.length === 1 ? withNumbers[0] : undefined, granted };
}

/** Whether Meta denied the owner of a token access. */
function isRefusal(error: unknown): boolean {
  return error instanceof GraphApiError && error.httpStatus !== undefined && error.httpStatus >= 400 && error.httpStatus < 500;
}
