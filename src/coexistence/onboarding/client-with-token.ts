import type { Client, RequestTarget } from '../../client/client.js';

/**
 * Returns a view of a client whose calls use one token. Use it after the code exchange, before `saveToken` has
 * finished.
 *
 * @param client - The client.
 * @param token - The token.
 */
export function clientWithToken<Coexistence extends boolean>(client: Client<Coexistence>, token: string): Client<Coexistence> {
  return {
    ...client,
    for: <Next extends boolean>(target: RequestTarget<Next>) => clientWithToken(client.for(target), token),
    request: (request, options) => client.request({ auth: { token }, ...request }, options),
  };
}
