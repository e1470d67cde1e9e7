import { soonMs } from '../fake-state.js';
import { invalidParameter, refuse } from '../refusal.js';
import type { SyncType } from '../entities.js';
import { requireProduct, requiredText, type NumberCall, type Routes } from './call.js';

const hourMs = 60 * 60 * 1_000;

/**
 * `POST /{phone-number-id}/smb_app_data`: contacts or history, each once within 24 hours of onboarding. A refused call uses nothing up, which
 * Meta does not document.
 */
export const appDataSyncRoutes: Routes<NumberCall> = {
  'POST smb_app_data'(call) {
    const { state, number } = call;
    const { world, agenda } = state;
    requireProduct(call);
    const syncType = requiredText(call, 'sync_type');
    if (!isSyncType(syncType)) throw invalidParameter(`Param sync_type must be one of {smb_app_state_sync, history} - got "${syncType}".`);
    if (!number.isOnBizApp) throw refuse(131009, 'The phone number is not in use on the WhatsApp Business app.');
    if (world.now() - number.onboardedAtMs > world.policy.limits.syncWindowHours * hourMs) {
      throw refuse(2593108, 'Sync can only be requested within 24 hours of onboarding.');
    }
    if (number.syncsRequested.has(syncType)) throw refuse(2593107, 'Sync of this type has already been requested for this phone number.');
    number.syncsRequested.add(syncType);
    agenda.plan({ kind: 'sync', id: number.id, syncType }, soonMs);
    return { messaging_product: 'whatsapp', request_id: world.ids.requestId() };
  },
};

function isSyncType(value: string): value is SyncType {
  return value === 'smb_app_state_sync' || value === 'history';
}
