import { describeValue, readOptions } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { loginOptions, type LoginOptionsParameters } from './login-options.js';
import { parseUrl } from '../runtime/parse-url.js';

/** Options of {@link signupUrl}. */
export interface SignupUrlOptions extends LoginOptionsParameters {
  /** ID of the Meta app. */
  readonly appId: string;
  /**
   * Absolute `https` URL of your page that receives the code. Add it to the app's valid OAuth redirect URIs. Pass the
   * same text to `onboarding.start`.
   */
  readonly redirectUri: string;
  /** Value of {@link createSignupState}. Store it in the customer's session. */
  readonly state: string;
  /**
   * Graph API version of the dialog.
   * @defaultValue `'v26.0'`
   */
  readonly graphVersion?: string | undefined;
  /**
   * Origin of the dialog, for an emulator.
   * @defaultValue `'https://www.facebook.com'`
   */
  readonly origin?: string | undefined;
}

/** Number of random bytes in a state. */
const stateBytes = 32;

/**
 * Creates the `state` of one signup by redirect: 43 random characters. Store it in the customer's session, pass it to
 * {@link signupUrl}, and check it with {@link readSignupRedirect}.
 *
 * @example
 * ```ts
 * import { createSignupState } from 'wa-coexist/embedded-signup';
 *
 * createSignupState().length; // 43
 * ```
 */
export function createSignupState(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(stateBytes));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/**
 * Builds the URL of Embedded Signup for a full-page redirect. Use it if popups are blocked, in mobile web views, or if
 * {@link launchSignup} returned no code. Meta redirects to `redirectUri` with `code` and `state`. Read them with
 * {@link readSignupRedirect}.
 *
 * Source: Meta, Manually build a login flow (2025), and Embedded Signup implementation (20 Feb 2026) for the
 * parameters.
 *
 * @param options - The app, the login configuration, the page that receives the code, and the state. See
 * {@link SignupUrlOptions}.
 * @throws `InvalidArgumentError` for a missing ID or state, and for a `redirectUri` without `https` (except on
 * localhost) or with a fragment.
 *
 * @example
 * ```ts
 * import { createSignupState, signupUrl } from 'wa-coexist/embedded-signup';
 *
 * const session: { signupState?: string } = {};
 * session.signupState = createSignupState();
 * const address = signupUrl({
 *   appId: '123456789012345',
 *   configId: '900100200300400',
 *   redirectUri: 'https://shop.example/whatsapp/connected',
 *   state: session.signupState,
 * });
 * console.log(new URL(address).host); // www.facebook.com
 * ```
 */
export function signupUrl(options: SignupUrlOptions): string {
  return readOptions('signupUrl', options, buildSignupUrl);
}

function buildSignupUrl(options: SignupUrlOptions): string {
  const { appId, redirectUri, state, graphVersion = 'v26.0', origin = 'https://www.facebook.com' } = options;
  for (const [name, value] of Object.entries<unknown>({ appId, configId: options.configId, state })) {
    if (typeof value !== 'string' || value.trim() === '') {
      throw new InvalidArgumentError('signupUrl', name, `must be a non-empty string, but is ${describeValue(value)}`);
    }
  }
  checkRedirectUri(redirectUri);
  if (!/^v\d+\.\d+$/.test(graphVersion)) throw new InvalidArgumentError('signupUrl', 'graphVersion', 'must be a version such as v26.0');
  const { config_id, response_type, override_default_response_type, extras } = loginOptions(options);
  const url = parseUrl(`/${graphVersion}/dialog/oauth`, origin);
  if (!url) throw new InvalidArgumentError('signupUrl', 'origin', 'must be an origin such as https://www.facebook.com');
  url.search = new URLSearchParams({
    client_id: appId,
    redirect_uri: redirectUri,
    state,
    config_id,
    response_type,
    override_default_response_type: String(override_default_response_type),
    extras: JSON.stringify(extras),
  }).toString();
  return url.href;
}

function checkRedirectUri(redirectUri: unknown): void {
  const url = typeof redirectUri === 'string' ? parseUrl(redirectUri) : undefined;
  const isLocal = url?.protocol === 'http:' && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url && (url.protocol === 'https:' || isLocal) && !String(redirectUri).includes('#')) return;
  throw new InvalidArgumentError('signupUrl', 'redirectUri', 'must be an absolute https URL without a fragment (#)');
}
