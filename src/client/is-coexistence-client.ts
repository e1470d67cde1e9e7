import type { Client } from './client.js';

/**
 * Whether a client is for a coexistence number, for the compiler as well: an action that Meta refuses there then does not compile.
 *
 * @example
 * ```ts
 * import { createClient, registerPhoneNumber } from 'wa-coexist';
 * import { isCoexistenceClient } from 'wa-coexist/coexistence';
 *
 * const isOnTheApp = Date.now() > 0;
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922', coexistence: isOnTheApp });
 * if (!isCoexistenceClient(client)) await registerPhoneNumber(client, { pin: '123456' });
 * ```
 */
export function isCoexistenceClient(client: Client): client is Client<true> {
  return client.target.coexistence === true;
}
