import type { FakeChangeDeviceOptions, FakeDisconnectOptions } from './fake-phone.js';
import type { FakeState } from './fake-state.js';
import type { WebhookValue } from './webhook-values.js';
import type { BusinessNumber } from './entities.js';

const dayMs = 24 * 60 * 60 * 1_000;
const usualReconnectMs = 2 * 60 * 1_000;

/** What happens to the link between a number's app and the API. */
export interface Lifecycle {
  /** The app was used. */
  used(number: BusinessNumber): void;
  /** Embedded Signup was finished on the phone. */
  link(number: BusinessNumber): void;
  disconnect(number: BusinessNumber, options?: FakeDisconnectOptions): void;
  changeDevice(number: BusinessNumber, options?: FakeChangeDeviceOptions): void;
  /** Reconnects the number after a change of device. */
  reconnect(number: BusinessNumber): void;
}

/** Makes the rules of the link. */
export function createLifecycle({ world, webhooks, agenda }: FakeState): Lifecycle {
  // On the machine's clock a timer of 14 days would only keep the process alive.
  const watchesIdleness = 'advance' in world.clock;

  const tell = (number: BusinessNumber, value: WebhookValue, entryId?: string): void => {
    webhooks.emit(number, 'account_update', value, {
      ...(entryId !== undefined && { id: entryId }),
      time: Math.floor(world.now() / 1_000),
    });
  };
  const watch = (number: BusinessNumber): void => {
    agenda.callOff('lose-link', number.id);
    if (!watchesIdleness || number.api !== 'linked' || !number.isOnBizApp) return;
    agenda.plan({ kind: 'lose-link', id: number.id }, world.policy.limits.heartbeatOverdueDays * dayMs);
  };

  const lifecycle: Lifecycle = {
    used(number) {
      number.lastUsedAtMs = world.now();
      world.changed('number', number.id);
      watch(number);
    },
    link(number) {
      agenda.callOff('reconnect', number.id);
      number.api = 'linked';
      number.onboardedAtMs = world.now();
      number.onboardings += 1;
      number.syncsRequested.clear();
      number.lastInboundAtMs.clear();
      number.companions = [];
      lifecycle.used(number);
    },
    disconnect(number, { reason, initiatedBy = 'USER', shape = 'guide' } = {}) {
      if (number.api === 'unlinked') return;
      agenda.callOff('lose-link', number.id);
      agenda.callOff('reconnect', number.id);
      number.api = 'unlinked';
      number.override = undefined;
      world.changed('number', number.id);
      const waba = world.wabas.get(number.wabaId);
      const disconnection = reason === undefined ? {} : { disconnection_info: { reason, initiated_by: initiatedBy } };
      if (shape === 'guide') tell(number, { phone_number: number.waId, event: 'PARTNER_REMOVED', ...disconnection });
      else {
        tell(
          number,
          {
            event: 'PARTNER_REMOVED',
            waba_info: { waba_id: number.wabaId, ...(waba && { owner_business_id: waba.businessId }) },
            ...disconnection,
          },
          partnerBusinessId,
        );
      }
      const isLast = ![...world.numbers.values()].some((other) => other.wabaId === number.wabaId && other.api !== 'unlinked');
      if (!isLast) return;
      waba?.subscribedAppIds.clear();
      for (const token of world.tokens.values()) token.wabaIds?.delete(number.wabaId);
    },
    changeDevice(number, { reconnect = true, reconnectAfterMs = usualReconnectMs } = {}) {
      number.companions = [];
      if (number.api !== 'linked') return;
      agenda.callOff('lose-link', number.id);
      number.api = 'suspended';
      world.changed('number', number.id);
      tell(number, { event: 'ACCOUNT_OFFBOARDED' });
      if (!reconnect) return;
      agenda.plan({ kind: 'reconnect', id: number.id }, reconnectAfterMs);
    },
    reconnect(number) {
      number.api = 'linked';
      lifecycle.used(number);
      tell(number, { event: 'ACCOUNT_RECONNECTED' });
    },
  };
  return lifecycle;
}

/** The portfolio of the developer's own business: Meta puts it into `entry.id` of some account updates. */
const partnerBusinessId = '640064006400640';
