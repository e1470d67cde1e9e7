import { debugToken, type TokenFacts } from '../../access-tokens/debug-token.js';
import { listAppSubscriptions } from '../../access-tokens/list-app-subscriptions.js';
import { listSubscribedApps } from '../../business-accounts/list-subscribed-apps.js';
import type { Client, RequestOptions } from '../../client/client.js';
import { readOptions } from '../../errors/check-options.js';
import { OnboardingError, type PreflightProblem } from '../../errors/coexistence-errors.js';
import { getPhoneNumber } from '../../phone-numbers/get-phone-number.js';
import { fieldProblems, numberCallbackProblems, numberProblems, subscriptionProblems, tokenProblems } from './preflight-checks.js';

/** The subject of a preflight check. */
export type PreflightSubject = 'webhook-fields' | 'subscription' | 'token' | 'number' | 'number-callback';

/** The result of one preflight check. */
export interface PreflightCheck {
  readonly subject: PreflightSubject;
  /** `unknown`: the request to Meta failed or its response was incomplete. See `error`. */
  readonly outcome: 'ok' | 'problem' | 'unknown';
  /** The problems, if the outcome is `problem`. */
  readonly problems: readonly PreflightProblem[];
  readonly error?: Error;
}

/** The result of {@link runPreflight}, in the order of the checks. */
export interface Preflight {
  readonly checks: readonly PreflightCheck[];
  /** All problems. */
  readonly problems: readonly PreflightProblem[];
  /** Expiry of the token according to Meta. `'never'` if it doesn't expire. Absent if Meta didn't return it. */
  readonly tokenExpiresAt?: Date | 'never';
}

/** Parameters of {@link runPreflight}. */
export interface PreflightParameters {
  readonly wabaId: string;
  /** The number. Without it, only the account is checked. */
  readonly phoneNumberId?: string | undefined;
  /** ID of the app whose subscriptions are checked. @defaultValue the client's app ID */
  readonly appId?: string | undefined;
  /** Expected callback overrides of the WABA and the number. @defaultValue none */
  readonly callbackUrls?: readonly string[] | undefined;
}

/**
 * Checks whether you can request the contacts and the history of a number. Meta allows this only once, so nothing must
 * be lost. The function checks the app's webhook fields, its subscription to the WABA, callback overrides, the token
 * with its scopes, and the number itself. It changes nothing, so you can repeat it. If a check can't be completed, its
 * result is `unknown`. See {@link PreflightCheck}. An onboarding runs the same checks automatically.
 *
 * It needs the client's `appId` and `appSecret`. Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026) and
 * Webhook overrides (Nov 2025).
 *
 * @param client - A client from `createClient`.
 * @param parameters - The number, and the expected app and callbacks.
 * @param options - The options of the requests.
 * @throws `OnboardingError` if no app ID is known
 * @throws `AbortedError` if `signal` aborts
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
    // Request this field separately: a token may lack its permission, and Meta would reject all fields.
    await look('number-callback', async () => numberCallbackProblems(await read(['id', 'webhook_configuration']), callbackUrls));
  }
  const { expires_at: expiresAt } = token;
  return {
    checks,
    problems: checks.flatMap(({ problems }) => problems),
    ...(typeof expiresAt === 'number' && { tokenExpiresAt: expiresAt === 0 ? ('never' as const) : new Date(expiresAt * 1_000) }),
  };
}

/** Returns the token of a client. */
function tokenOf(client: Client, options: RequestOptions): Promise<string> {
  return client.transfer('the token check', ({ token }) => Promise.resolve(token), options);
}
