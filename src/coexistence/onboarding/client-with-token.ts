import type { Client, RequestTarget } from '../../client/client.js';

/** A view of a client whose calls carry one token: for the moment between getting it and the caller's having saved it. */
export function clientWithToken<Coexistence extends boolean>(client: Client<Coexistence>, token: string): Client<Coexistence> {
  return {
    ...client,
    for: <Next extends boolean>(target: RequestTarget<Next>) => clientWithToken(client.for(target), token),
    request: (request, options) => client.request({ auth: { token }, ...request }, options),
  };
}
