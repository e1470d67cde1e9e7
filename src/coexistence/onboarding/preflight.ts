import { debugToken, type TokenFacts } from '../../access-tokens/debug-token.js';
import { listAppSubscriptions } from '../../access-tokens/list-app-subscriptions.js';
import { listSubscribedApps } from '../../business-accounts/list-subscribed-apps.js';
import type { Client, RequestOptions } from '../../client/client.js';
import { readOptions } from '../../errors/check-options.js';
import { OnboardingError, type PreflightProblem } from '../../errors/coexistence-errors.js';
import { getPhoneNumber } from '../../phone-numbers/get-phone-number.js';
import { fieldProblems, numberCallbackProblems, numberProblems, subscriptionProblems, tokenProblems } from './preflight-checks.js';

/** What a preflight looks at. */
export type PreflightSubject = 'webhook-fields' | 'subscription' | 'token' | 'number' | 'number-callback';

/** One look, and what it found. */
export interface PreflightCheck {
  readonly subject: PreflightSubject;
  /** `unknown`: Meta could not be asked, or would not tell; `error` says why. */
  readonly outcome: 'ok' | 'problem' | 'unknown';
  /** What is wrong, where the outcome is `problem`. */
  readonly problems: readonly PreflightProblem[];
  readonly error?: Error;
}

/** What a preflight found, in the order of its looks. */
export interface Preflight {
  readonly checks: readonly PreflightCheck[];
  /** Everything that is wrong. */
  readonly problems: readonly PreflightProblem[];
  /** When the token expires, as Meta tells; `'never'` for one that does not; absent where Meta did not tell. */
  readonly tokenExpiresAt?: Date | 'never';
}

/** Which number, and what is expected of it. */
export interface PreflightParameters {
  readonly wabaId: string;
  /** Without it the number itself is not looked at. */
  readonly phoneNumberId?: string | undefined;
  /** Id of the app whose subscriptions are looked at. @defaultValue the client's */
  readonly appId?: string | undefined;
  /** Callbacks of their own that the WABA and the number may have. @defaultValue none */
  readonly callbackUrls?: readonly string[] | undefined;
}

/**
 * Looks whether a number is fit for what can be done only once: the app's webhook fields, its subscription to the WABA, callbacks that lead
 * elsewhere, the token and its scopes, and the number itself. It reads and changes nothing, so it can be repeated at any time; what it could
 * not read is `unknown`. An onboarding makes the same checks by itself.
 *
 * Needs the client's `appId` and `appSecret`. Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026) and Webhook overrides (Nov 2025).
 *
 * @throws `OnboardingError` if no app id is known, and `AbortedError` if `signal` aborts.
 *
 * @example
 * ```ts
 * import { createClient } from 'wa-coexist';
 * import { runPreflight } from 'wa-coexist/coexistence';
 *
 * const client = createClient({ appId: '123', appSecret: 'secret', accessToken: 'token' });
 * const { problems } = await runPreflight(client, { wabaId: '102290129340398', phoneNumberId: '106540352242922' });
 * for (const { problem } of problems) console.log(problem);
 * ```
 */
export async function runPreflight(client: Client, parameters: PreflightParameters, options: RequestOptions = {}): Promise<Preflight> {
  const { wabaId, phoneNumberId, callbackUrls = [], appId = client.appId } = readOptions('runPreflight', parameters, (copy) => copy);
  if (appId === undefined) throw new OnboardingError('app-id-unknown');
  const waba = client.for({ wabaId });
  const checks: PreflightCheck[] = [];
  const look = async (subject: PreflightSubject, find: () => Promise<readonly PreflightProblem[]>): Promise<void> => {
    try {
      const problems = await find();
      checks.push({ subject, outcome: problems.length > 0 ? 'problem' : 'ok', problems });
    } catch (cause) {
      options.signal?.throwIfAborted();
      checks.push({ subject, outcome: 'unknown', problems: [], error: cause instanceof Error ? cause : new Error('unknown', { cause }) });
    }
  };
  let token: TokenFacts = {};

  await look('webhook-fields', async () => fieldProblems(await Array.fromAsync(listAppSubscriptions(client, { appId }, options))));
  await look('subscription', async () => {
    const apps = await Array.fromAsync(listSubscribedApps(waba, {}, options));
    return subscriptionProblems(apps, appId, callbackUrls);
  });
  await look('token', async () => {
    token = await debugToken(client, { token: await tokenOf(waba, options) }, options);
    return tokenProblems(token, appId);
  });
  if (phoneNumberId !== undefined) {
    const target = client.for({ wabaId, phoneNumberId, coexistence: true });
    const read = async (fields: readonly string[]) => ({ ...(await getPhoneNumber(target, { fields }, options)), id: phoneNumberId });
    await look('number', async () => numberProblems(await read(['id', 'is_on_biz_app', 'platform_type'])));
    // Asked for alone: a token may lack the right to this field, and then the rest would be refused with it.
    await look('number-callback', async () => numberCallbackProblems(await read(['id', 'webhook_configuration']), callbackUrls));
  }
  const { expires_at: expiresAt } = token;
  return {
    checks,
    problems: checks.flatMap(({ problems }) => problems),
    ...(typeof expiresAt === 'number' && { tokenExpiresAt: expiresAt === 0 ? ('never' as const) : new Date(expiresAt * 1_000) }),
  };
}

/** The token that calls of a client carry. */
function tokenOf(client: Client, options: RequestOptions): Promise<string> {
  return client.transfer('the token check', ({ token }) => Promise.resolve(token), options);
}
