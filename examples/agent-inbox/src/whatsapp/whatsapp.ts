import { createClient, createCoexistence, createSender, type Client, type Coexistence, type Sender } from 'wa-coexist';
import { createTemplateCatalog, type TemplateCatalog } from 'wa-coexist/templates';
import type { Webhooks } from 'wa-coexist/webhooks';
import type { Accounts } from '../database/accounts.ts';
import type { Stores } from '../database/stores.ts';
import type { Settings } from '../settings.ts';
import { handoffGuard } from './handoff-guard.ts';

/** The parts of the library that the application uses, apart from the receiver. */
export abstract class WhatsApp {
  abstract readonly client: Client;
  abstract readonly coexistence: Coexistence;
  /** `createSender` in this process, or `createBullSender` for several processes with Redis. */
  abstract readonly sender: Sender<boolean, 'guard'>;
  abstract readonly templates: TemplateCatalog;
  /** Finishes the messages in flight. The others stay in PostgreSQL or Redis. */
  abstract close(): Promise<void>;
}

export interface WhatsAppParts {
  readonly settings: Settings;
  readonly stores: Stores;
  readonly accounts: Accounts;
  readonly webhooks: Webhooks;
}

/** Creates the client, the Coexistence modules and the sender. */
export async function openWhatsApp({ settings, stores, accounts, webhooks }: WhatsAppParts): Promise<WhatsApp> {
  const { appId, appSecret, baseUrl } = settings.meta;
  const { store } = stores;
  const client = createClient({ appId, appSecret, baseUrl, accessToken: accounts.tenants.accessToken });
  const coexistence = createCoexistence({ client, webhooks, store, saveToken: (token) => accounts.saveToken(token) });
  const { handoff, serviceWindow, restrictions } = coexistence;
  const guards = [restrictions.guard, serviceWindow.guard, handoffGuard(handoff)];
  const templates = createTemplateCatalog(client, { webhooks });
  const { sender, connection } =
    settings.redisUrl === undefined
      ? { sender: createSender({ client, webhooks, store, guards }), connection: undefined }
      : await openBullSender(settings.redisUrl, { client, webhooks, guards });
  return {
    client,
    coexistence,
    sender,
    templates,
    close: async () => {
      await sender.close();
      await connection?.quit();
      templates.close();
      await coexistence.close();
    },
  };
}

async function openBullSender(url: string, parts: Pick<Parameters<typeof createSender>[0], 'client' | 'webhooks' | 'guards'>) {
  const [{ Redis }, { createBullSender }] = await Promise.all([import('ioredis'), import('wa-coexist/bullmq')]);
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  return { sender: createBullSender({ ...parts, connection }), connection };
}
