import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { refuseEndpoint } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** What to ask for. Each can be asked for once an onboarding. */
export interface RequestAppDataSyncParameters {
  /** `smb_app_state_sync`: the contacts of the app; `history`: its chats. */
  readonly syncType: OpenEnum<'smb_app_state_sync' | 'history'>;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/** Meta took the request; what it asked for comes as webhooks, if at all. */
export interface AppDataSyncResult {
  readonly messaging_product: 'whatsapp';
  /** For support tickets. */
  readonly request_id: string;
}

/**
 * Asks Meta, once and within 24 hours of onboarding, to send the app's contacts or history. It is never repeated by the library:
 * a second call is refused (2593107) and only a new onboarding gives another. `createCoexistence` records it before it is made.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}/smb_app_data`. Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026).
 *
 * @throws `CoexistenceSyncError` (2593107 asked before, 2593108 too late), `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, requestAppDataSync } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { request_id } = await requestAppDataSync(client, { syncType: 'smb_app_state_sync' });
 * console.log(request_id);
 * ```
 */
export function requestAppDataSync(
  client: Client,
  parameters: RequestAppDataSyncParameters,
  options: RequestOptions = {},
): ApiPromise<AppDataSyncResult> {
  return readParameters('requestAppDataSync', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'requestAppDataSync', parameters.phoneNumberId);
    const restriction = refuseEndpoint(client, 'request-app-data-sync', id);
    return client.request(
      {
        method: 'POST',
        path: [id, 'smb_app_data'],
        body: { messaging_product: 'whatsapp', sync_type: parameters.syncType },
        operation: 'POST /{phone-number-id}/smb_app_data',
        restriction,
      },
      { ...options, maxRetries: 0 },
    );
  });
}
