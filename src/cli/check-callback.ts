import { listAppSubscriptions } from '../access-tokens/list-app-subscriptions.js';
import type { Client } from '../client/client.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';
import { parseUrl } from '../runtime/parse-url.js';
import type { CommandContext } from './command.js';

/** The result of a check of the app's callback URL. */
export interface CallbackCheck {
  readonly subject: 'app-callback' | 'handshake';
  /** `skipped`: the check needs a verify token or a callback URL. */
  readonly outcome: 'ok' | 'problem' | 'unknown' | 'skipped';
  /** The result as text. */
  readonly detail: string;
}

const responseTimeoutMs = 10_000;

/**
 * Reads the callback URL of the app, and sends it the request with which Meta verifies a receiver.
 *
 * @param client - A client with `appId` and `appSecret`.
 * @param parameters - The app, and the verify token of the receiver.
 * @param context - The network and the signal of the command.
 */
export async function checkCallback(
  client: Client,
  { appId, verifyToken }: { readonly appId: string; readonly verifyToken: string | undefined },
  context: Pick<CommandContext, 'fetch' | 'signal'>,
): Promise<readonly CallbackCheck[]> {
  const handshake = (outcome: CallbackCheck['outcome'], detail: string): CallbackCheck => ({ subject: 'handshake', outcome, detail });
  let url: string | undefined;
  try {
    const subscriptions = await Array.fromAsync(listAppSubscriptions(client, { appId }));
    url = subscriptions.find(({ object }) => object === 'whatsapp_business_account')?.callback_url;
  } catch (error) {
    const detail = error instanceof WhatsAppError ? error.message : 'the request failed';
    return [{ subject: 'app-callback', outcome: 'unknown', detail }, handshake('skipped', 'the callback URL is unknown')];
  }
  const address = url === undefined ? undefined : parseUrl(url);
  if (!address || !/^https?:$/.test(address.protocol)) {
    const detail = 'the app has no callback URL, so it receives no webhooks. Set it in the App Dashboard or with subscribeAppFields()';
    return [{ subject: 'app-callback', outcome: 'problem', detail }, handshake('skipped', 'the app has no callback URL')];
  }
  const found: CallbackCheck = { subject: 'app-callback', outcome: 'ok', detail: `${address.origin}${address.pathname}` };
  if (verifyToken === undefined) return [found, handshake('skipped', 'set WHATSAPP_VERIFY_TOKEN to test the callback URL')];
  return [found, handshake(...(await shakeHands(address, verifyToken, context)))];
}

/** Sends Meta's verification request. Source: Meta, Create a webhook endpoint (Nov 2025). */
async function shakeHands(
  address: URL,
  verifyToken: string,
  { fetch, signal }: Pick<CommandContext, 'fetch' | 'signal'>,
): Promise<[outcome: CallbackCheck['outcome'], detail: string]> {
  const challenge = String(Math.floor(1_000_000_000 + Math.random() * 1_000_000_000));
  const request = new URL(address);
  for (const [name, value] of [
    ['hub.mode', 'subscribe'],
    ['hub.verify_token', verifyToken],
    ['hub.challenge', challenge],
  ] as const) {
    request.searchParams.set(name, value);
  }
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(responseTimeoutMs)]);
    const response = await fetch(request, { redirect: 'manual', signal: limit });
    const text = await response.text();
    if (response.status === 200 && text === challenge) return ['ok', 'the receiver accepted the verify token'];
    if (response.status === 403) return ['problem', 'the receiver returned 403: its verifyToken differs from WHATSAPP_VERIFY_TOKEN'];
    if (response.status === 200) return ['problem', "the callback URL returned 200 without the challenge: it doesn't lead to the receiver"];
    return ['problem', `the callback URL returned ${String(response.status)}: check the path, redirects and the proxy`];
  } catch {
    return [
      'problem',
      `the callback URL didn't respond within ${String(responseTimeoutMs / 1_000)} seconds: check the receiver and the tunnel`,
    ];
  }
}
