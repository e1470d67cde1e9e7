import type { Client } from './client.js';

/**
 * Reports whether a client is for a coexistence number. The compiler then rejects actions that Meta doesn't support on
 * such numbers. See {@link NonCoexistenceClient}.
 *
 * @param client - A client of `createClient`.
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
