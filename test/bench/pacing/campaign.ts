import { child, messageOf } from '../harness/child.ts';
import type { ClientSettings } from './client.ts';
import type { MetaSettings, Seen } from './meta.ts';

/**
 * Sends in real time over sockets, from one process to a server in another, both with Node's default settings. Returns
 * what the server recorded.
 */
export async function runCampaign(meta: MetaSettings, client: Omit<ClientSettings, 'baseUrl' | 'cap'>): Promise<Seen> {
  const server = child(new URL('./meta.ts', import.meta.url), [JSON.stringify(meta)]);
  try {
    const settings: ClientSettings = { ...client, cap: meta.cap, baseUrl: `http://127.0.0.1:${await messageOf<number>(server)}` };
    await messageOf(child(new URL('./client.ts', import.meta.url), [JSON.stringify(settings)]));
    server.send('what did you see?');
    return await messageOf<Seen>(server);
  } finally {
    server.kill();
  }
}
