import { systemClock } from '../runtime/clock.js';
import { endpointRules, type CoexistenceEndpoint } from './endpoints.js';
import { featureRules, type CoexistenceFeature, type FeatureFacts } from './features.js';
import { limitRules, type CoexistenceLimits } from './limits.js';
import { ruleOn, type Rule } from './rule.js';

/** Meta's rules for coexistence numbers as they held on one day, with the caller's overrides. */
export interface CoexistencePolicy {
  /** The day the rules are for (ISO date). */
  readonly asOf: string;
  /** The numbers. */
  readonly limits: CoexistenceLimits;
  /** The rule behind a number, with source and dates. */
  limitRule<Name extends keyof CoexistenceLimits>(name: Name): Rule<CoexistenceLimits[Name]>;
  /** The rule on a feature, or `undefined` where none is known for that day. */
  featureRule(feature: CoexistenceFeature): Rule<FeatureFacts> | undefined;
  /** The rule on an operation of the API, whose value says whether it may be called; `undefined` where none is known for that day. */
  endpointRule(endpoint: CoexistenceEndpoint): Rule<boolean> | undefined;
}

/** The caller's own values in the place of the library's. */
export interface PolicyOverrides {
  readonly limits?: Partial<CoexistenceLimits>;
  readonly features?: Partial<Readonly<Record<CoexistenceFeature, FeatureFacts>>>;
  /** Whether an operation may be called: `true` lifts the library's refusal. */
  readonly endpoints?: Partial<Readonly<Record<CoexistenceEndpoint, boolean>>>;
}

/** Options of {@link coexistencePolicy}. */
export interface PolicyOptions {
  /** The day whose rules are wanted: a date, or its ISO form. @defaultValue today */
  readonly asOf?: Date | string;
  /** Values that replace the library's. */
  readonly overrides?: PolicyOverrides;
}

/**
 * Meta's rules for coexistence numbers on a day. The rules change every few weeks, so the code reads them here and never holds a
 * constant: a caller who knows better overrides one and need not wait for a release.
 *
 * @throws `RangeError` if `asOf` is no date.
 *
 * @example
 * ```ts
 * import { coexistencePolicy } from 'wa-coexist';
 *
 * coexistencePolicy().limits.throughput; // 20
 * coexistencePolicy({ asOf: '2025-09-13' }).limits.throughput; // 5
 * coexistencePolicy({ overrides: { limits: { heartbeatDueDays: 7 } } }).limits.heartbeatDueDays; // 7
 * ```
 */
export function coexistencePolicy(options: PolicyOptions = {}): CoexistencePolicy {
  const asOf = dayOf(options.asOf ?? new Date(systemClock.now()));
  const { limits: ownLimits = {}, features: ownFeatures = {}, endpoints: ownEndpoints = {} } = options.overrides ?? {};
  const override = <Value>(value: Value): Rule<Value> => ({ value, source: "The caller's override" });
  const limitRule = <Name extends keyof CoexistenceLimits>(name: Name): Rule<CoexistenceLimits[Name]> => {
    const own: CoexistenceLimits[Name] | undefined = ownLimits[name];
    const rule = own === undefined ? ruleOn<CoexistenceLimits[Name]>(limitRules[name], asOf) : override(own);
    if (!rule) throw new RangeError(`No rule for ${name} on ${asOf}.`);
    return rule;
  };
  const limit = <Name extends keyof CoexistenceLimits>(name: Name): CoexistenceLimits[Name] => limitRule(name).value;
  return {
    asOf,
    limits: {
      throughput: limit('throughput'),
      syncWindowHours: limit('syncWindowHours'),
      historyDays: limit('historyDays'),
      historyMediaDays: limit('historyMediaDays'),
      heartbeatDueDays: limit('heartbeatDueDays'),
      heartbeatUrgentDays: limit('heartbeatUrgentDays'),
      heartbeatOverdueDays: limit('heartbeatOverdueDays'),
      serviceWindowHours: limit('serviceWindowHours'),
      pairIntervalSeconds: limit('pairIntervalSeconds'),
      pairBurst: limit('pairBurst'),
      reconnectTimeoutHours: limit('reconnectTimeoutHours'),
    },
    limitRule,
    featureRule: (feature) => {
      const own = ownFeatures[feature];
      return own === undefined ? ruleOn(featureRules[feature], asOf) : override(own);
    },
    endpointRule: (endpoint) => {
      const own = ownEndpoints[endpoint];
      return own === undefined ? ruleOn(endpointRules[endpoint], asOf) : override(own);
    },
  };
}

function dayOf(asOf: Date | string): string {
  const date = new Date(asOf);
  if (Number.isNaN(date.getTime())) throw new RangeError(`asOf is no date: ${String(asOf)}`);
  return date.toISOString().slice(0, 10);
}
