import type { FakeTokenOptions } from './fake-cloud-api.js';
import { invalidToken, type Refusal } from './refusal.js';
import type { Token } from './entities.js';
import type { World } from './world.js';

/** What a token of Embedded Signup may do. */
const usualScopes = ['whatsapp_business_management', 'whatsapp_business_messaging'] as const;

/** Business tokens of Embedded Signup last 60 days with Meta's ready-made login configuration. */
export const businessTokenSeconds: number = 60 * 24 * 60 * 60;

/** Makes a token and keeps it. */
export function issueToken(world: World, options: FakeTokenOptions = {}): Token {
  const nowMs = world.now();
  const { wabaIds, scopes = usualScopes, expiresInSeconds } = options;
  const token: Token = {
    value: world.ids.accessToken(),
    appId: world.app.id,
    wabaIds: wabaIds && new Set(wabaIds),
    scopes,
    issuedAtMs: nowMs,
    expiresAtMs: expiresInSeconds === undefined ? undefined : nowMs + expiresInSeconds * 1_000,
    revoked: false,
  };
  world.tokens.set(token.value, token);
  return token;
}

/** Why a token is no good, if so. */
export function problemWithToken(world: World, token: Token): Refusal | undefined {
  if (token.revoked) {
    return invalidToken(
      'Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
      460,
    );
  }
  if (token.expiresAtMs !== undefined && world.now() >= token.expiresAtMs) {
    const at = (timeMs: number): string => new Date(timeMs).toUTCString();
    return invalidToken(
      `Error validating access token: Session has expired on ${at(token.expiresAtMs)}. The current time is ${at(world.now())}.`,
      463,
    );
  }
  return undefined;
}
