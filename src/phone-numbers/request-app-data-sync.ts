import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { rejectEndpoint } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { OpenEnum } from '../runtime/open-enum.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link requestAppDataSync}. Each type can be requested one time after an onboarding. */
export interface RequestAppDataSyncParameters extends PhoneNumberParameters {
  /** `smb_app_state_sync` requests the contacts of the app, and `history` its chats. */
  readonly syncType: OpenEnum<'smb_app_state_sync' | 'history'>;
}

/** Result of {@link requestAppDataSync}. The data arrives in webhooks, if at all. */
export interface AppDataSyncResult {
  readonly messaging_product: 'whatsapp';
  /** ID of the request, for support tickets. */
  readonly request_id: string;
}

/**
 * Requests the contacts or the history of the WhatsApp Business app from Meta. Each can be requested only once, within
 * 24 hours of onboarding.
 *
 * The library never retries this request, because Meta rejects a second one (2593107) until the business onboards
 * again. `createCoexistence` records the request before it is sent. Use its `onboarding` module instead of this
 * function if you can: {@link createCoexistence}.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/smb_app_data`. Source: Meta, Onboard WhatsApp
 * Business app users (11 Sep 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The data to request. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The ID of the request. The data arrives in webhooks, if at all.
 * @throws {@link MissingTargetError} without a phone number ID, {@link CoexistenceSyncError} (2593107 for a second
 *   request, 2593108 after 24 hours), any other {@link GraphApiError}, and the connection errors of
 *   {@link Client.request}.
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
    const restriction = rejectEndpoint(client, 'request-app-data-sync', id);
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
