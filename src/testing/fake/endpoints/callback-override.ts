import { makeHandshake } from '../post-webhook.js';
import { invalidParameter, Refusal } from '../refusal.js';
import type { Answer, CallbackOverride, Waba } from '../entities.js';
import type { AuthorizedCall } from './call.js';
import { parseUrl } from '../../../runtime/parse-url.js';

/** Source: Meta, Webhook overrides (Nov 2025). */
const mostUrl = 200;

/**
 * The callback that is to stand in the place of the app's, after its handshake; none for an empty one. Meta takes one only for an account that
 * the app is subscribed to. @throws `Refusal`
 */
export async function overrideOf(
  { state: { world }, token }: AuthorizedCall,
  waba: Waba | undefined,
  { override_callback_uri: callbackUrl, verify_token: verifyToken = '' }: Answer,
): Promise<CallbackOverride | undefined> {
  if (callbackUrl === undefined || callbackUrl === '') return undefined;
  if (typeof callbackUrl !== 'string' || callbackUrl.length > mostUrl || !parseUrl(callbackUrl)) {
    throw invalidParameter(`Param override_callback_uri must be an address of at most ${String(mostUrl)} characters.`);
  }
  // Seen in chatwoot/chatwoot#13279 (15 Jan 2026), for accounts and for numbers.
  if (!waba?.subscribedAppIds.has(token.appId)) {
    throw invalidParameter(
      'Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account',
    );
  }
  if (!(await makeHandshake(callbackUrl, String(verifyToken), String(Math.floor(world.now()))))) throw callbackRefused();
  return { callbackUrl, verifyToken: String(verifyToken) };
}

/** Code 2200: the receiver failed the handshake. */
export function callbackRefused(): Refusal {
  return new Refusal(400, {
    message: '(#2200) Callback verification failed with the following errors: HTTP Status Code or challenge do not match',
    type: 'OAuthException',
    code: 2200,
  });
}
