import type { PolicyRule } from './rule.js';
import { announcedOn } from './sources.js';

/** Features that an API request can need. Clients check them before they send a request. */
export type ApiFeature = 'marketing-messages-api' | 'calling-api' | 'groups-api' | 'sending-to-user-ids' | 'authentication-to-user-ids';

/**
 * The state of a feature in the app after onboarding. `relink`: it works again after the device is linked again.
 * `unavailable`: the app never has it, with or without coexistence.
 */
export type InApp = 'unchanged' | 'disabled' | 'read-only' | 'relink' | 'unavailable';

/** The support of a feature in the app and through the API. */
export interface FeatureFacts {
  /** The state in the app. */
  readonly inApp: InApp;
  /** Whether the API supports it for this number. */
  readonly throughApi: boolean;
  /**
   * Whether events of one side are visible on the other: events of the app as webhooks, and events of the API in the
   * app. Also `false` if no source confirms it.
   */
  readonly mirrored: boolean;
}

/** Creates {@link FeatureFacts}. */
export const facts = (inApp: InApp, throughApi: boolean, mirrored: boolean): FeatureFacts => ({ inApp, throughApi, mirrored });

/** Features that the API doesn't support for coexistence numbers. */
export type RestrictedFeature = 'calling-api' | 'groups-api';

/** The rules of these features, oldest first. */
export const restrictedFeatureRows: { readonly [Feature in RestrictedFeature]: readonly PolicyRule<FeatureFacts>[] } = {
  'calling-api': [
    {
      value: facts('unavailable', false, false),
      source: 'Meta, Calling API prerequisites (Mar 2026); Meta, feature table (11 Sep 2026)',
      note: 'Only for Cloud API numbers that are not on the app.',
    },
  ],
  'groups-api': [{ value: facts('unavailable', false, false), source: 'Meta, Groups API (Nov 2025)' }],
};

/**
 * Adds the announcement of coexistence to rules without a first day.
 *
 * @param rows - The rules, oldest first.
 */
export function sinceAnnouncement(rows: readonly PolicyRule<FeatureFacts>[]): readonly PolicyRule<FeatureFacts>[] {
  return rows.map((row) => (row.since === undefined ? { ...row, since: announcedOn } : row));
}

/**
 * Returns the rules of a feature, oldest first. Clients use these rules, and don't load those of features that the API
 * supports.
 *
 * @param feature - The feature.
 */
export function restrictedFeatureRules(feature: ApiFeature): readonly PolicyRule<FeatureFacts>[] {
  const rules: Readonly<Partial<Record<string, readonly PolicyRule<FeatureFacts>[]>>> = restrictedFeatureRows;
  return sinceAnnouncement(rules[feature] ?? []);
}
