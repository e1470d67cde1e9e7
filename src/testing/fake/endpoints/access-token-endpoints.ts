import { invalidParameter, invalidToken, Refusal } from '../refusal.js';
import { businessTokenSeconds, issueToken, problemWithToken } from '../tokens.js';
import type { World } from '../world.js';
import { requiredText, type Call } from './call.js';

type Answer = Readonly<Record<string, unknown>>;

/** `oauth/access_token`: a code becomes a business token, or the app's credentials its app token. */
export function exchange(call: Call): Answer {
  const { world } = call.state;
  const clientId = requiredText(call, 'client_id');
  const clientSecret = requiredText(call, 'client_secret');
  if (clientId !== world.app.id || clientSecret !== world.app.secret) {
    throw new Refusal(400, { message: 'Error validating client secret.', type: 'OAuthException', code: 1 });
  }
  if (call.fields.grant_type === 'client_credentials') return { access_token: `${clientId}|${clientSecret}`, token_type: 'bearer' };
  const code = world.codes.get(requiredText(call, 'code'));
  if (!code) throw invalidParameter('Invalid verification code format.');
  if (code.used) throw invalidParameter('This authorization code has been used.', 36009);
  if (world.now() >= code.expiresAtMs) throw invalidParameter('This authorization code has expired.', 36007);
  code.used = true;
  const grant = code.grant ?? { wabaIds: [code.wabaId], expiresInSeconds: businessTokenSeconds };
  const { expiresInSeconds } = grant;
  const token = issueToken(world, grant);
  return { access_token: token.value, token_type: 'bearer', ...(expiresInSeconds !== undefined && { expires_in: expiresInSeconds }) };
}

/** `debug_token`: the app, scopes and WABAs of a token. It requires the app's token, or one of the same app. */
export function debugToken(call: Call, bearer: string | undefined): Answer {
  const { world } = call.state;
  requireSomeToken(world, bearer);
  const inspected = requiredText(call, 'input_token');
  const token = world.tokens.get(inspected);
  if (!token) {
    return { data: { error: { code: 190, message: 'Invalid OAuth access token data.' }, is_valid: false, scopes: [] } };
  }
  const problem = problemWithToken(world, token);
  const targets = token.wabaIds && [...token.wabaIds];
  return {
    data: {
      app_id: token.appId,
      type: 'SYSTEM_USER',
      application: 'Fake app',
      data_access_expires_at: 0,
      expires_at: token.expiresAtMs === undefined ? 0 : Math.floor(token.expiresAtMs / 1_000),
      ...(problem && { error: { code: problem.code, message: problem.message, subcode: problem.error.error_subcode } }),
      is_valid: problem === undefined,
      issued_at: Math.floor(token.issuedAtMs / 1_000),
      scopes: token.scopes,
      granular_scopes: token.scopes.map((scope) => ({ scope, ...(targets && { target_ids: targets }) })),
      user_id: '122000000000001',
    },
  };
}

function requireSomeToken(world: World, bearer: string | undefined): void {
  if (bearer === `${world.app.id}|${world.app.secret}`) return;
  const token = bearer === undefined ? undefined : world.tokens.get(bearer);
  const problem = token ? problemWithToken(world, token) : invalidToken('Invalid OAuth access token - Cannot parse access token');
  if (problem) throw problem;
}
