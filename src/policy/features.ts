import { apiFeatureRows, facts, sinceAnnouncement, type FeatureFacts } from './api-features.js';
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
      note: 'By the business. Seen as echoes of type edit and revoke; no endpoint edits or deletes.',
    },
  ],
  'customer-edit-and-delete': [
    {
      value: facts('unchanged', false, false),
      until: '2025-11-25',
      source: changelog('25 Nov 2025'),
      note: 'An edit arrived as an unsupported message (131051), as it still does for numbers that are not on the app.',
    },
    {
      value: facts('unchanged', false, true),
      since: '2025-11-25',
      source: changelog('25 Nov 2025'),
      note: 'Seen as messages of type edit (within 15 minutes) and revoke (within 2 days).',
    },
  ],
  contacts: [
    { value: facts('unchanged', false, true), source: featureTable, note: 'Those with a WhatsApp number; each change is a webhook.' },
  ],
  'group-chats': [{ value: facts('unchanged', false, false), source: featureTable, note: 'They stay in the app and are not synced.' }],
  'disappearing-messages': [{ value: facts('disabled', false, false), source: featureTable, note: 'Turned off in all one-to-one chats.' }],
  'view-once': [{ value: facts('disabled', false, false), source: featureTable, note: 'In one-to-one chats.' }],
  'live-location': [{ value: facts('disabled', false, false), source: featureTable, note: 'In one-to-one chats.' }],
  locations: [
    {
      value: facts('unchanged', true, true),
      source: featureTable,
      note: 'Fixed places, which the table does not name: messages of type location. Whether the app echoes its own is not documented.',
    },
  ],
  'broadcast-lists': [
    {
      value: facts('read-only', false, false),
      source: featureTable,
      note: 'No new lists; existing ones can be read. Campaigns are templates.',
    },
  ],
  'voice-and-video-calls': [{ value: facts('unchanged', false, false), source: featureTable, note: 'In the app only.' }],
  'catalog-orders-status': [{ value: facts('unchanged', false, false), source: featureTable }],
  'app-marketing-tools': [
    {
      value: facts('unchanged', false, false),
      source: featureTable,
      note: 'Marketing messages of the app, greeting, away message, quick replies, labels. Whether automatic texts are echoed is not documented.',
    },
  ],
  'business-profile': [
    { value: facts('unchanged', false, false), source: featureTable, note: 'Name, address and website are changed in the app.' },
  ],
  channels: [{ value: facts('unchanged', false, false), source: featureTable }],
  'companion-devices': [
    {
      value: facts('relink', false, true),
      source: featureTable,
      note: 'All are unlinked at onboarding; up to four supported ones can be linked again.',
    },
  ],
  'windows-and-wearos-companions': [
    {
      value: facts('unavailable', false, false),
      source: featureTable,
      note: 'WhatsApp for Windows and WearOS: what is written there reaches neither webhooks nor history.',
    },
  ],
  'customers-on-windows-and-wearos': [
    {
      value: facts('unchanged', true, false),
      source: featureTable,
      note: 'A customer sees a placeholder there for a message of the business; a message from there may arrive as unavailable (131060).',
    },
  ],
  'api-messages': [{ value: facts('unchanged', true, true), source: featureTable, note: 'Messages of the API show in the app.' }],
  'api-marketing-messages': [
    {
      value: facts('unchanged', true, true),
      source: 'Meta, Marketing templates (2026, from a translation)',
      note: 'The chat may not rise to the top of the app until the customer answers.',
    },
  ],
  templates: [{ value: facts('unavailable', true, true), source: featureTable, note: 'Sent by the API only.' }],
  'chat-backup': [
    {
      value: facts('disabled', false, false),
      source: 'DoubleTick (2026)',
      note: 'Told by a partner only: backups to Drive or iCloud no longer work.',
    },
  ],
  'paid-verification': [
    {
      value: facts('disabled', false, false),
      source: 'Wati (2026)',
      note: 'Told by a partner only: Meta Verified may end at onboarding, and turning it on again may break the link.',
    },
  ],
  'official-business-account': [
    {
      value: facts('unavailable', false, false),
      source: 'Dualhook and others (2026)',
      note: 'Partners say that it is not available; Meta writes nothing. Promise nothing.',
    },
  ],
  'marketing-messages-api': apiFeatureRows['marketing-messages-api'],
  'calling-api': apiFeatureRows['calling-api'],
  'groups-api': apiFeatureRows['groups-api'],
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
      note: 'Not to be combined with the sign-up of app users.',
    },
  ],
  'conversions-api': [
    {
      value: facts('unavailable', true, false),
      source: 'Meta, coexistence guide (11 Sep 2026)',
      note: 'With ads that click to WhatsApp, too.',
    },
  ],
  'sending-to-user-ids': apiFeatureRows['sending-to-user-ids'],
  'authentication-to-user-ids': apiFeatureRows['authentication-to-user-ids'],
  'moving-to-another-account': [
    {
      value: facts('unavailable', false, false),
      source: reconnection,
      note: 'To another partner or WABA only by disconnecting in the app and signing up again.',
    },
  ],
  'moving-onto-coexistence': [
    {
      value: facts('unavailable', false, false),
      source: 'DoubleTick; Kapso (2026)',
      note: 'Told by partners only: a number on Cloud API alone has to leave it and live on the app first.',
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
    note: 'Coexistence was not there yet: a number was on the app or on Cloud API.',
  };
  return [before, ...sinceAnnouncement(rows[feature])];
}

function features(table: Readonly<Record<CoexistenceFeature, unknown>>): readonly CoexistenceFeature[] {
  // The table has exactly one key per feature.
  return Object.keys(table) as CoexistenceFeature[];
}
