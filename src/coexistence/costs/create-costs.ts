import { getPricingAnalytics } from '../../analytics/get-pricing-analytics.js';
import type { Client } from '../../client/client.js';
import { checkNumbers } from '../../errors/check-options.js';
import { numberKey } from '../../runtime/keys.js';
import { listEntries, stateOf } from '../../stores/records.js';
import type { Store } from '../../stores/store.js';
import type { ModuleContext, ModuleService } from '../module-context.js';
import { createModule, recordsByKey } from '../module.js';
import { messageIndex, peerOf } from '../same-conversation.js';
import type { Scope } from '../unit-of-work.js';
import { costEntry, mergeCostEntries, type CostEntry } from './cost-entry.js';
import { costCounter } from './cost-report.js';
import type { CostsModule, CostsOptions } from './costs-module.js';
import { checkTimeZone, freeTierCounter } from './free-tier.js';
import { reconcileCosts } from './reconcile-costs.js';

/** Dependencies of {@link createCosts}. */
export interface CostsDeps extends ModuleContext {
  readonly client: Client;
  readonly store: Store;
  readonly options: CostsOptions;
}

const kind = 'cost';

/**
 * Creates the costs module. Without `keepMs`, it only emits entries. With it, it also stores and merges them.
 *
 * @param deps - What all modules share, the client, the store and the options.
 */
export function createCosts(deps: CostsDeps): ModuleService<CostsModule> {
  const { store, events } = deps;
  checkNumbers('createCoexistence: costs', deps.options, { keepMs: { unit: 'ms', max: Number.MAX_SAFE_INTEGER } });
  const { keepMs, timeZone } = deps.options;
  if (timeZone !== undefined) checkTimeZone('createCoexistence: costs', timeZone);
  const keyOf = (phoneNumberId: string, messageId: string): string => numberKey(phoneNumberId, kind, messageId);
  const costs = createModule<CostEntry, CostEntry, 'recorded'>(
    {
      kind,
      // The subject is the key of the record.
      records: (scope) => recordsByKey(scope, (key) => key),
      reduce: (known, entry) => ({ state: mergeCostEntries(known, entry), facts: ['recorded'] }),
      ...(keepMs !== undefined && { ttlMs: () => keepMs }),
      retry: 'redelivery',
      hasListeners: () => events.hasListeners('cost.recorded'),
      emit: (_fact, _key, entry) => events.emit('cost.recorded', entry),
    },
    deps.run,
    deps.clock,
  );
  /** Returns the key of a message's entry, by its own wamid or by another spelling in the same conversation. */
  const findKey = async (scope: Scope, phoneNumberId: string, { messageId, waId, userId }: CostEntry): Promise<string> => {
    const key = keyOf(phoneNumberId, messageId);
    if (await scope.store.get(key)) return key;
    const customer = waId === undefined && userId === undefined ? peerOf(messageId) : { waId, userId };
    const index = messageIndex(scope.store, scope.register, 'cost-token', keepMs ?? 0);
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
    observe: async (event, scope) => {
      const entry = costEntry(event);
      if (!entry) return;
      const { phoneNumberId } = entry;
      if (keepMs === undefined || phoneNumberId === undefined) scope.afterCommit(() => events.emit('cost.recorded', entry));
      else await costs.apply(scope, await findKey(scope, phoneNumberId, entry), entry);
    },
  };
}
