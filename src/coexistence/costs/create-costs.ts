import { checkNumbers } from '../../errors/check-options.js';
import { getPricingAnalytics } from '../../analytics/get-pricing-analytics.js';
import type { Client } from '../../client/client.js';
import type { IdentityRegister } from '../../identity/register.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Store } from '../../stores/store.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { numberKey } from '../../runtime/keys.js';
import { listEntries, readRecord, stateOf, updateRecord } from '../../stores/records.js';
import { messageIndex, peerOf } from '../same-conversation.js';
import { costEntry, mergeCostEntries, type CostEntry } from './cost-entry.js';
import { costCounter } from './cost-report.js';
import type { CostsModule, CostsOptions } from './costs.js';
import { checkTimeZone, freeTierCounter } from './free-tier.js';
import { reconcileCosts } from './reconcile-costs.js';

/** Dependencies of {@link createCosts}. */
export interface CostsDeps {
  readonly client: Client;
  readonly store: Store;
  readonly register: IdentityRegister;
  readonly options: CostsOptions;
  readonly clock: Clock;
  readonly policy: CoexistencePolicy;
  readonly emit: (entry: CostEntry) => Promise<void>;
}

/**
 * Creates the costs module.
 *
 * @param deps - The client, the store, the identity register, the clock, the policy, the options and the event
 *   callback.
 */
export function createCosts(deps: CostsDeps): { readonly module: CostsModule; readonly observe: (event: WebhookEvent) => Promise<void> } {
  const { store } = deps;
  checkNumbers('createCoexistence: costs', deps.options, { keepMs: { unit: 'ms', max: Number.MAX_SAFE_INTEGER } });
  const { keepMs, timeZone } = deps.options;
  if (timeZone !== undefined) checkTimeZone('createCoexistence: costs', timeZone);
  const index = messageIndex(store, deps.register, 'cost-token', keepMs ?? 0);
  const keyOf = (phoneNumberId: string, messageId: string): string => numberKey(phoneNumberId, 'cost', messageId);
  /** Returns the key of a message's entry, by its own wamid or by another spelling in the same conversation. */
  const findKey = async (phoneNumberId: string, { messageId, waId, userId }: CostEntry): Promise<string> => {
    const key = keyOf(phoneNumberId, messageId);
    if (await store.get(key)) return key;
    const customer = waId === undefined && userId === undefined ? peerOf(messageId) : { waId, userId };
    return keyOf(phoneNumberId, await index.claim(phoneNumberId, messageId, customer));
  };

  async function* entriesOf(phoneNumberIds: readonly string[]): AsyncGenerator<CostEntry, void, undefined> {
    for (const phoneNumberId of phoneNumberIds) {
      for await (const row of listEntries(store, `${numberKey(phoneNumberId, 'cost')}/`)) {
        const entry = stateOf<CostEntry>(row);
        if (entry) yield entry;
      }
    }
  }
  const report: CostsModule['report'] = async ({ phoneNumberIds, ...options }) => {
    const counts = costCounter(options);
    for await (const entry of entriesOf(phoneNumberIds)) counts.add(entry);
    return counts.report();
  };
  const freeTier: CostsModule['freeTier'] = async ({ phoneNumberIds, ...given }) => {
    // A rule without dates is an override by the caller. Otherwise use the rule of the month and not today's rule.
    const { value, since, until } = deps.policy.limitRule('freeServiceMessages');
    const options = {
      ...(timeZone !== undefined && { timeZone }),
      ...(since === undefined && until === undefined && { limit: value }),
      at: new Date(deps.clock.now()),
      ...given,
    };
    const counter = freeTierCounter('costs.freeTier', options, phoneNumberIds);
    for await (const entry of entriesOf(phoneNumberIds)) counter.add(entry);
    return counter.report();
  };
  const reconcile: CostsModule['reconcile'] = async ({ wabaId, phoneNumberIds, from, to }) => {
    const points = await getPricingAnalytics(deps.client.for({ wabaId }), {
      startAt: from,
      endAt: to,
      granularity: 'DAILY',
      dimensions: ['PRICING_CATEGORY', 'PRICING_TYPE'],
    });
    const entries: CostEntry[] = [];
    for await (const entry of entriesOf(phoneNumberIds)) entries.push(entry);
    return reconcileCosts(entries, points, { from, to });
  };

  return {
    module: { report, freeTier, reconcile },
    observe: async (event) => {
      const entry = costEntry(event);
      if (!entry) return;
      const { phoneNumberId } = entry;
      if (keepMs === undefined || phoneNumberId === undefined) {
        await deps.emit(entry);
        return;
      }
      const key = await findKey(phoneNumberId, entry);
      // Emit before the write, so that the event is emitted again if a listener fails.
      await deps.emit(mergeCostEntries(await readRecord<CostEntry>(store, key), entry));
      await updateRecord<CostEntry, undefined>(store, key, (known) => ({
        state: mergeCostEntries(known, entry),
        ttlMs: keepMs,
        result: undefined,
      }));
    },
  };
}
