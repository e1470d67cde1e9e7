import type { PolicyRule } from './rule.js';
import { announcedOn, seasalt } from './sources.js';

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

/** The rules of each feature, oldest first. */
export const apiFeatureRows: { readonly [Feature in ApiFeature]: readonly PolicyRule<FeatureFacts>[] } = {
  'marketing-messages-api': [
    { value: facts('unavailable', false, false), until: '2025-09-29', source: `${seasalt}, as MM Lite API` },
    {
      value: facts('unavailable', true, true),
      since: '2025-09-29',
      source: 'Meta, Marketing Messages API (29 Sep 2025, Mar 2026)',
      note: 'When a number leaves coexistence, it also leaves this API, and its ad account is unlinked.',
      alternatives: [{ value: facts('unavailable', false, false), source: 'Coral (1 Feb 2026)' }],
    },
  ],
  'calling-api': [
    {
      value: facts('unavailable', false, false),
      source: 'Meta, Calling API prerequisites (Mar 2026); Meta, feature table (11 Sep 2026)',
      note: 'Only for Cloud API numbers that are not on the app.',
    },
  ],
  'groups-api': [{ value: facts('unavailable', false, false), source: 'Meta, Groups API (Nov 2025)' }],
  'sending-to-user-ids': [
    {
      value: facts('unavailable', false, false),
      until: '2026-07-01',
      source: 'Meta, Business-scoped user IDs (29 Jun 2026)',
      note: 'Webhooks have contained user IDs since early April 2026.',
    },
    {
      value: facts('unavailable', true, true),
      since: '2026-07-01',
      source: 'Meta, Business-scoped user IDs (29 Jun 2026)',
      note: 'Meta names only the month, July 2026.',
    },
  ],
  'authentication-to-user-ids': [
    {
      value: facts('unavailable', false, false),
      source: 'Meta, Business-scoped user IDs (29 Jun 2026)',
      note: 'One-tap, zero-tap and copy-code templates need a phone number (131062).',
    },
  ],
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
 * Returns the rules of a feature since the announcement, oldest first. Clients use these rules, and don't load those of
 * the app.
 *
 * @param feature - The feature.
 */
export function apiFeatureRules(feature: ApiFeature): readonly PolicyRule<FeatureFacts>[] {
  return sinceAnnouncement(apiFeatureRows[feature]);
}
