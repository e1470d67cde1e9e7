import type { FakeChangeDeviceOptions, FakeDisconnectOptions } from './fake-phone.js';
import type { FakeState } from './fake-state.js';
import type { WebhookValue } from './webhook-values.js';
import type { BusinessNumber } from './world.js';

const dayMs = 24 * 60 * 60 * 1_000;
const usualReconnectMs = 2 * 60 * 1_000;

/** What happens to the link between a number's app and the API. */
export interface Lifecycle {
  /** Somebody used the app. */
  used(number: BusinessNumber): void;
  /** Embedded Signup was finished on the phone. */
  link(number: BusinessNumber): void;
  disconnect(number: BusinessNumber, options?: FakeDisconnectOptions): void;
  changeDevice(number: BusinessNumber, options?: FakeChangeDeviceOptions): void;
}

/** Makes the rules of the link. */
export function createLifecycle({ world, webhooks, agenda }: FakeState): Lifecycle {
  const idleChecks = new Map<string, () => void>();
  const reconnections = new Map<string, () => void>();
  // On the machine's clock a timer of 14 days would only keep the process alive.
  const watchesIdleness = 'advance' in world.clock;

  const tell = (number: BusinessNumber, value: WebhookValue, entryId?: string): void => {
    webhooks.emit(number.wabaId, 'account_update', value, {
      ...(entryId !== undefined && { id: entryId }),
      time: Math.floor(world.now() / 1_000),
    });
  };
  const callOff = (plans: Map<string, () => void>, number: BusinessNumber): void => {
    plans.get(number.id)?.();
    plans.delete(number.id);
  };
  const watch = (number: BusinessNumber): void => {
    callOff(idleChecks, number);
    if (!watchesIdleness || number.api !== 'linked' || !number.isOnBizApp) return;
    const check = agenda.someday(() => {
      lifecycle.disconnect(number, { reason: 'PRIMARY_INACTIVITY', initiatedBy: 'SYSTEM' });
    }, world.policy.limits.heartbeatOverdueDays * dayMs);
    idleChecks.set(number.id, check);
  };

  const lifecycle: Lifecycle = {
    used(number) {
      number.lastUsedAtMs = world.now();
      watch(number);
    },
    link(number) {
      callOff(reconnections, number);
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
      callOff(idleChecks, number);
      callOff(reconnections, number);
      number.api = 'unlinked';
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
      callOff(idleChecks, number);
      number.api = 'suspended';
      tell(number, { event: 'ACCOUNT_OFFBOARDED' });
      if (!reconnect) return;
      const reconnection = agenda.someday(() => {
        number.api = 'linked';
        lifecycle.used(number);
        tell(number, { event: 'ACCOUNT_RECONNECTED' });
      }, reconnectAfterMs);
      reconnections.set(number.id, reconnection);
    },
  };
  return lifecycle;
}

/** The portfolio of the developer's own business: Meta puts it into `entry.id` of some account updates. */
const partnerBusinessId = '640064006400640';
