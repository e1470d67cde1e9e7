import { readOptions } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { SignupStateError } from '../errors/signup-state-error.js';
import { defined } from '../runtime/json.js';
import { parseUrl } from '../runtime/parse-url.js';

/** The redirect contains a code. */
export interface SignupRedirectDone {
  readonly outcome: 'finished';
  /**
   * Pass it to `onboarding.start({ code, redirectUri })` immediately. It expires after 30 seconds and works only once.
   */
  readonly code: string;
}

/** The customer left the signup or denied the permissions. */
export interface SignupRedirectLeft {
  readonly outcome: 'cancelled';
  /** Meta's reason, for example `user_denied`. */
  readonly reason?: string;
}

/** Meta reported an error instead of a code. */
export interface SignupRedirectFailed {
  readonly outcome: 'failed';
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/** The redirect contains neither a code nor an error. */
export interface SignupRedirectWithoutCode {
  readonly outcome: 'finished-without-code';
}

/** The result of a signup by redirect, discriminated by `outcome`. */
export type SignupRedirect = SignupRedirectDone | SignupRedirectLeft | SignupRedirectFailed | SignupRedirectWithoutCode;

/**
 * Reads the URL to which Meta redirected after {@link signupUrl}. It checks `state` first, so that an attacker can't
 * connect their own account to your customer's session. The comparison takes the same time for each wrong value.
 *
 * Source: Meta, Manually build a login flow (2025): `code` and `state`, or `error`, `error_reason`, `error_code` and
 * their texts.
 *
 * @param url - URL of the request: absolute, or the path and query of `request.url`.
 * @param options - `state` is the value in the customer's session, from {@link createSignupState}. Delete it from the
 * session after this call.
 * @throws {@link SignupStateError} if the state is missing or differs, and `InvalidArgumentError` if `url` is not a
 * URL.
 *
 * @example
 * ```ts
 * import { readSignupRedirect } from 'wa-coexist/embedded-signup';
 *
 * const session = { signupState: 'Q0hF' };
 * const result = readSignupRedirect('/whatsapp/connected?code=AQB&state=Q0hF', { state: session.signupState });
 * if (result.outcome === 'finished') console.log(result.code.length); // 3
 * ```
 */
export function readSignupRedirect(url: string | URL, options: { readonly state: string | undefined }): SignupRedirect {
  const { state } = readOptions('readSignupRedirect', options, (copy) => copy);
  const { searchParams } = parseAddress(url);
  checkState(searchParams.getAll('state'), state);
  const only = (name: string): string | undefined => {
    const values = searchParams.getAll(name);
    return values.length === 1 && values[0] !== '' ? values[0] : undefined;
  };
  const error = only('error');
  const errorCode = only('error_code');
  const errorMessage = only('error_message') ?? only('error_description');
  if (error === 'access_denied') return { outcome: 'cancelled', ...defined({ reason: only('error_reason') }) };
  if (error !== undefined || errorCode !== undefined)
    return { outcome: 'failed', ...defined({ errorCode: errorCode ?? error, errorMessage }) };
  const code = only('code');
  return code === undefined ? { outcome: 'finished-without-code' } : { outcome: 'finished', code };
}

function parseAddress(url: unknown): URL {
  const address = url instanceof URL ? url.href : url;
  // Servers pass the path and query of a request.
  const parsed = typeof address === 'string' ? parseUrl(address, 'https://localhost') : undefined;
  if (!parsed) throw new InvalidArgumentError('readSignupRedirect', 'url', 'must be the URL to which Meta redirected');
  return parsed;
}

/**
 * Checks the state of a redirect.
 *
 * @throws `SignupStateError`
 */
function checkState(received: readonly string[], expected: unknown): void {
  if (typeof expected !== 'string' || expected === '') throw new SignupStateError('no-session');
  const [state = '', ...others] = received;
  if (state === '') throw new SignupStateError('missing');
  if (others.length > 0 || !isSame(state, expected)) throw new SignupStateError('mismatch');
}

/** Compares two texts without an early exit. Browsers have no `timingSafeEqual`. */
function isSame(received: string, expected: string): boolean {
  let difference = received.length ^ expected.length;
  for (let index = 0; index < received.length; index += 1) {
    difference |= received.charCodeAt(index) ^ expected.charCodeAt(index % expected.length);
  }
  return difference === 0;
}
