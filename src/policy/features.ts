import { restrictedFeatureRows, facts, sinceAnnouncement, type FeatureFacts } from './api-features.js';
import type { PolicyRule } from './rule.js';
import { announcedOn, changelog, featureTable, seasalt } from './sources.js';

/** Features of the app, the API and Meta's products that coexistence affects. */
export type CoexistenceFeature =
  | 'one-number-for-app-and-api'
  | 'one-to-one-chats'
  | 'edit-and-delete'
  | 'customer-edit-and-delete'
  | 'contacts'
  | 'group-chats'
  | 'disappearing-messages'
  | 'view-once'
  | 'live-location'
  | 'locations'
  | 'broadcast-lists'
  | 'voice-and-video-calls'
  | 'catalog-orders-status'
  | 'app-marketing-tools'
  | 'business-profile'
  | 'channels'
  | 'companion-devices'
  | 'windows-and-wearos-companions'
  | 'customers-on-windows-and-wearos'
  | 'api-messages'
  | 'api-marketing-messages'
  | 'templates'
  | 'chat-backup'
  | 'paid-verification'
  | 'official-business-account'
  | 'marketing-messages-api'
  | 'calling-api'
  | 'groups-api'
  | 'multi-solution-conversations'
  | 'app-only-install'
  | 'conversions-api'
  | 'sending-to-user-ids'
  | 'authentication-to-user-ids'
  | 'moving-to-another-account'
  | 'moving-onto-coexistence';

const reconnection = 'Meta, Business-customer support (2026)';

/** The rules of each feature since coexistence was announced, oldest first. */
const rows: { readonly [Feature in CoexistenceFeature]: readonly PolicyRule<FeatureFacts>[] } = {
  'one-number-for-app-and-api': [{ value: facts('unchanged', true, true), source: changelog('11 Feb 2025') }],
  'one-to-one-chats': [
    { value: facts('unchanged', true, true), source: featureTable, note: 'Mirrored both ways; the last 6 months can be synced once.' },
  ],
  'edit-and-delete': [
    { value: facts('disabled', false, false), until: '2025-11-25', source: `Meta, an older copy of the feature table; ${seasalt}` },
    {
      value: facts('unchanged', false, true),
      since: '2025-11-25',
      source: changelog('25 Nov 2025'),
      note: "By the business, in the app. They arrive as echoes of type edit and revoke. The API can't edit or delete messages.",
    },
  ],
  'customer-edit-and-delete': [
    {
      value: facts('unchanged', false, false),
      until: '2025-11-25',
      source: changelog('25 Nov 2025'),
      note: 'Edits arrived as unsupported messages (131051), as they still do for numbers that are not on the app.',
    },
    {
      value: facts('unchanged', false, true),
      since: '2025-11-25',
      source: changelog('25 Nov 2025'),
      note: 'They arrive as messages of type edit (within 15 minutes) and revoke (within 2 days).',
    },
  ],
  contacts: [
    {
      value: facts('unchanged', false, true),
      source: featureTable,
      note: 'Only contacts with a WhatsApp number. Each change arrives as a webhook.',
    },
  ],
  'group-chats': [{ value: facts('unchanged', false, false), source: featureTable, note: "They remain in the app and aren't synced." }],
  'disappearing-messages': [{ value: facts('disabled', false, false), source: featureTable, note: 'Turned off in all one-to-one chats.' }],
  'view-once': [{ value: facts('disabled', false, false), source: featureTable, note: 'In one-to-one chats.' }],
  'live-location': [{ value: facts('disabled', false, false), source: featureTable, note: 'In one-to-one chats.' }],
  locations: [
    {
      value: facts('unchanged', true, true),
      source: featureTable,
      note: "Messages of type location, which Meta's table doesn't list. Meta doesn't document whether the app echoes them.",
    },
  ],
  'broadcast-lists': [
    {
      value: facts('read-only', false, false),
      source: featureTable,
      note: 'You can read existing lists but not create new ones. Send templates for campaigns.',
    },
  ],
  'voice-and-video-calls': [{ value: facts('unchanged', false, false), source: featureTable, note: 'Only in the app.' }],
  'catalog-orders-status': [{ value: facts('unchanged', false, false), source: featureTable }],
  'app-marketing-tools': [
    {
      value: facts('unchanged', false, false),
      source: featureTable,
      note: "Marketing messages from the app, greeting, away message, quick replies, labels. Meta doesn't document whether automatic messages are echoed.",
    },
  ],
  'business-profile': [
    { value: facts('unchanged', false, false), source: featureTable, note: 'Change the name, address and website in the app.' },
  ],
  channels: [{ value: facts('unchanged', false, false), source: featureTable }],
  'companion-devices': [
    {
      value: facts('relink', false, true),
      source: featureTable,
      note: 'Onboarding unlinks all devices. Up to four supported devices can be linked again.',
    },
  ],
  'windows-and-wearos-companions': [
    {
      value: facts('unavailable', false, false),
      source: featureTable,
      note: 'WhatsApp for Windows and WearOS. Messages sent there appear in neither webhooks nor history.',
    },
  ],
  'customers-on-windows-and-wearos': [
    {
      value: facts('unchanged', true, false),
      source: featureTable,
      note: "The customer sees a placeholder instead of the business's message there, and messages from there may arrive as unavailable (131060).",
    },
  ],
  'api-messages': [
    { value: facts('unchanged', true, true), source: featureTable, note: 'Messages sent through the API appear in the app.' },
  ],
  'api-marketing-messages': [
    {
      value: facts('unchanged', true, true),
      source: 'Meta, Marketing templates (2026, from a translation)',
      note: 'The chat may not move to the top of the app until the customer replies.',
    },
  ],
  templates: [{ value: facts('unavailable', true, true), source: featureTable, note: 'Only through the API.' }],
  'chat-backup': [
    {
      value: facts('disabled', false, false),
      source: 'DoubleTick (2026)',
      note: 'Reported only by a partner: backups to Drive or iCloud no longer work.',
    },
  ],
  'paid-verification': [
    {
      value: facts('disabled', false, false),
      source: 'Wati (2026)',
      note: 'Reported only by a partner: Meta Verified may end at onboarding, and turning it on again may break the link.',
    },
  ],
  'official-business-account': [
    {
      value: facts('unavailable', false, false),
      source: 'Dualhook and others (2026)',
      note: "Partners say that it isn't available, and Meta doesn't document it. Don't promise it to customers.",
    },
  ],
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
  'calling-api': restrictedFeatureRows['calling-api'],
  'groups-api': restrictedFeatureRows['groups-api'],
  'multi-solution-conversations': [
    {
      value: facts('unavailable', false, false),
      source: 'Meta, Multi-solution conversations (2026)',
      note: 'One coexistence number has one partner at a time. Other numbers can have up to five since 23 Sep 2026.',
    },
  ],
  'app-only-install': [
    {
      value: facts('unavailable', false, false),
      source: 'Meta, App-Only Install (2026)',
      note: "Can't be combined with the signup of app users.",
    },
  ],
  'conversions-api': [
    {
      value: facts('unavailable', true, false),
      source: 'Meta, coexistence guide (11 Sep 2026)',
      note: 'Also for ads that click to WhatsApp.',
    },
  ],
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
  'moving-to-another-account': [
    {
      value: facts('unavailable', false, false),
      source: reconnection,
      note: 'To move to another partner or WABA, disconnect in the app and sign up again.',
    },
  ],
  'moving-onto-coexistence': [
    {
      value: facts('unavailable', false, false),
      source: 'DoubleTick; Kapso (2026)',
      note: 'Reported only by partners: a number that is only on Cloud API must leave it and be used in the app first.',
    },
  ],
};

/** All features, in the order of Meta's table. */
export const coexistenceFeatures: readonly CoexistenceFeature[] = /* @__PURE__ */ features(rows);

/**
 * Returns the rules of a feature, oldest first. Before the announcement of coexistence, no number could be on both
 * sides.
 *
 * @param feature - The feature.
 */
export function featureRules(feature: CoexistenceFeature): readonly PolicyRule<FeatureFacts>[] {
  const isOfTheApp = feature !== 'one-number-for-app-and-api' && rows[feature].some(({ value }) => value.inApp !== 'unavailable');
  const before: PolicyRule<FeatureFacts> = {
    value: facts(isOfTheApp ? 'unchanged' : 'unavailable', false, false),
    until: announcedOn,
    source: changelog('11 Feb 2025'),
    note: "Coexistence didn't exist yet. A number was either on the app or on Cloud API.",
  };
  return [before, ...sinceAnnouncement(rows[feature])];
}

function features(table: Readonly<Record<CoexistenceFeature, unknown>>): readonly CoexistenceFeature[] {
  // The table has exactly one key per feature.
  return Object.keys(table) as CoexistenceFeature[];
}
