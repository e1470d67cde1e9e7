import { debugToken } from '../access-tokens/debug-token.js';
import { exchangeCode } from '../access-tokens/exchange-code.js';
import { listAppSubscriptions } from '../access-tokens/list-app-subscriptions.js';
import { listSubscribedApps, subscribeApp } from '../business-accounts/subscribed-apps.js';
import type { Client, ClientOptions, RequestOptions } from '../client/client.js';
import { createClient } from '../client/create-client.js';
import { markAsRead } from '../messages/mark-as-read.js';
import { sendMessage } from '../messages/send-message.js';
import { getPhoneNumber } from '../phone-numbers/get-phone-number.js';
import { listPhoneNumbers } from '../phone-numbers/list-phone-numbers.js';
import { requestAppDataSync } from '../phone-numbers/request-app-data-sync.js';
import { listTemplates } from '../templates/list-templates.js';

/** An action with its first argument, the client, filled in. */
export type Bound<Action> = Action extends (client: Client, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;

/** Every action of the library, bound to one client. */
export interface WhatsApp {
  /** The client that the actions use. */
  readonly client: Client;
  readonly messages: { readonly send: Bound<typeof sendMessage>; readonly markAsRead: Bound<typeof markAsRead> };
  readonly phoneNumbers: {
    readonly get: Bound<typeof getPhoneNumber>;
    readonly list: Bound<typeof listPhoneNumbers>;
    readonly requestAppDataSync: Bound<typeof requestAppDataSync>;
  };
  readonly businessAccounts: {
    readonly listSubscribedApps: Bound<typeof listSubscribedApps>;
    readonly subscribeApp: Bound<typeof subscribeApp>;
  };
  readonly templates: { readonly list: Bound<typeof listTemplates> };
  readonly accessTokens: {
    readonly exchangeCode: Bound<typeof exchangeCode>;
    readonly debug: Bound<typeof debugToken>;
    readonly listAppSubscriptions: Bound<typeof listAppSubscriptions>;
  };
  /** Calls any endpoint: the way to one that the library lacks. */
  readonly request: Client['request'];
}

/**
 * Every action bound to one client, for people who want the dot. It holds all of the library: where size matters, import single actions.
 *
 * @example
 * ```ts
 * import { createWhatsApp, text } from 'wa-coexist';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...text('Hello') });
 * for await (const template of wa.templates.list({ wabaId: '102290129340398' })) console.log(template.name);
 * ```
 */
export function createWhatsApp(clientOrOptions: Client | ClientOptions): WhatsApp {
  const client = 'request' in clientOrOptions ? clientOrOptions : createClient(clientOrOptions);
  const bind =
    <Parameters extends readonly unknown[], Result>(action: (client: Client, ...parameters: Parameters) => Result) =>
    (...parameters: Parameters): Result =>
      action(client, ...parameters);
  return {
    client,
    messages: { send: bind(sendMessage), markAsRead: bind(markAsRead) },
    phoneNumbers: { get: bind(getPhoneNumber), list: bind(listPhoneNumbers), requestAppDataSync: bind(requestAppDataSync) },
    businessAccounts: { listSubscribedApps: bind(listSubscribedApps), subscribeApp: bind(subscribeApp) },
    templates: { list: bind(listTemplates) },
    accessTokens: { exchangeCode: bind(exchangeCode), debug: bind(debugToken), listAppSubscriptions: bind(listAppSubscriptions) },
    request: <Data>(request: Parameters<Client['request']>[0], options?: RequestOptions) => client.request<Data>(request, options),
  };
}
