import type { Rule } from './rule.js';

/** Features of the WhatsApp Business app that coexistence touches. */
export type CoexistenceFeature =
  | 'one-to-one-chats'
  | 'edit-and-delete'
  | 'contacts'
  | 'group-chats'
  | 'disappearing-messages'
  | 'view-once'
  | 'live-location'
  | 'broadcast-lists'
  | 'voice-and-video-calls'
  | 'catalog-orders-status'
  | 'app-marketing-tools'
  | 'business-profile'
  | 'channels'
  | 'companion-devices'
  | 'windows-and-wearos-companions'
  | 'templates'
  | 'marketing-messages-api'
  | 'calling-api'
  | 'groups-api';

/** What became of a feature in the app after onboarding. */
export type InApp = 'unchanged' | 'disabled' | 'read-only' | 'relink' | 'unavailable';

/** What a feature can still do, in the app and through the API. */
export interface FeatureFacts {
  /** In the app. */
  readonly inApp: InApp;
  /** Whether the API can do it for this number. */
  readonly throughApi: boolean;
  /** Whether what happens in the app reaches the API's side as webhooks. */
  readonly mirrored: boolean;
}

const table = 'Meta, feature table of the coexistence guide (26 Jun and 11 Sep 2026)';
const facts = (inApp: InApp, throughApi: boolean, mirrored: boolean): FeatureFacts => ({ inApp, throughApi, mirrored });

/** Every feature with its history, oldest first. */
export const featureRules: { readonly [Feature in CoexistenceFeature]: readonly Rule<FeatureFacts>[] } = {
  'one-to-one-chats': [{ value: facts('unchanged', true, true), source: table }],
  'edit-and-delete': [
    { value: facts('disabled', false, false), until: '2025-11-25', source: 'Meta, an older copy of the feature table' },
    {
      value: facts('unchanged', false, true),
      since: '2025-11-25',
      source: 'Meta, changelog (25 Nov 2025)',
      note: 'Seen as echoes and messages of type edit and revoke; no endpoint edits.',
    },
  ],
  contacts: [{ value: facts('unchanged', false, true), source: table }],
  'group-chats': [{ value: facts('unchanged', false, false), source: table }],
  'disappearing-messages': [{ value: facts('disabled', false, false), source: table, note: 'Turned off in all one-to-one chats.' }],
  'view-once': [{ value: facts('disabled', false, false), source: table }],
  'live-location': [{ value: facts('disabled', false, false), source: table }],
  'broadcast-lists': [{ value: facts('read-only', false, false), source: table, note: 'No new lists; existing ones can be read.' }],
  'voice-and-video-calls': [{ value: facts('unchanged', false, false), source: table }],
  'catalog-orders-status': [{ value: facts('unchanged', false, false), source: table }],
  'app-marketing-tools': [
    {
      value: facts('unchanged', false, false),
      source: table,
      note: 'Greeting, away message, quick replies, labels. Whether automatic texts are echoed is not documented.',
    },
  ],
  'business-profile': [{ value: facts('unchanged', false, false), source: table }],
  channels: [{ value: facts('unchanged', false, false), source: table }],
  'companion-devices': [
    {
      value: facts('relink', false, true),
      source: table,
      note: 'All are unlinked at onboarding; up to four supported ones can be linked again.',
    },
  ],
  'windows-and-wearos-companions': [
    { value: facts('unavailable', false, false), source: table, note: 'Messages that involve them reach nobody else: 131060 or nothing.' },
  ],
  templates: [{ value: facts('unavailable', true, false), source: table }],
  'marketing-messages-api': [
    { value: facts('unavailable', false, false), until: '2025-09-29', source: 'Seasalt.ai (13 Sep 2025)' },
    {
      value: facts('unavailable', true, false),
      since: '2025-09-29',
      source: 'Meta, Marketing Messages API onboarding (29 Sep 2025)',
      note: 'Leaving coexistence leaves it, too.',
    },
  ],
  'calling-api': [{ value: facts('unavailable', false, false), source: 'Meta, Calling API prerequisites (Mar 2026)' }],
  'groups-api': [{ value: facts('unavailable', false, false), source: 'Meta, Groups API (Nov 2025)' }],
};
