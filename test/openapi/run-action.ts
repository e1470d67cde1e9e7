import { createClient, type Client } from 'wa-coexist';
import { ids } from './actions.js';

/** A client with all IDs and credentials, on a given `fetch`. */
export function clientOn(fetch: typeof globalThis.fetch): Client {
  return createClient({
    accessToken: 'token',
    appId: ids['App-ID'],
    appSecret: 'app-secret',
    phoneNumberId: ids['Phone-Number-ID'],
    wabaId: ids['WABA-ID'],
    maxRetries: 0,
    fetch,
  });
}

/** Waits for the result of an action: a promise, or a listing to its end. */
export async function settle(outcome: unknown): Promise<unknown> {
  if (typeof outcome === 'object' && outcome !== null && Symbol.asyncIterator in outcome) {
    const items: unknown[] = [];
    for await (const item of outcome as AsyncIterable<unknown>) items.push(item);
    return items;
  }
  return outcome;
}
