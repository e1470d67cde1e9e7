import { coexistenceFeatures, type CoexistenceFeature } from '../../policy/features.js';
import { checkFeature, rulesOf, type FeatureCheck, type RulesOptions } from './check-feature-restrictions.js';

/** One row of the feature table: a feature and its support. */
export interface RestrictionRow extends Omit<FeatureCheck, 'rule'> {
  readonly feature: CoexistenceFeature;
  /** English name of the feature. */
  readonly title: string;
  /** First day of the rule (ISO date). */
  readonly since?: string;
  /** First day on which the rule no longer applies (ISO date). */
  readonly until?: string;
  /** The source of the rule, with the date of its version. */
  readonly source: string;
  /** Additional information. */
  readonly note?: string;
}

const titles: Readonly<Record<CoexistenceFeature, string>> = {
  'one-number-for-app-and-api': 'One number in the app and on the API',
  'one-to-one-chats': 'One-to-one chats',
  'edit-and-delete': 'Editing and deleting sent messages',
  'customer-edit-and-delete': "Customers' edits and deletions",
  contacts: 'Contacts',
  'group-chats': 'Group chats',
  'disappearing-messages': 'Disappearing messages',
  'view-once': 'View-once media',
  'live-location': 'Live location',
  locations: 'Locations',
  'broadcast-lists': 'Broadcast lists',
  'voice-and-video-calls': 'Voice and video calls',
  'catalog-orders-status': 'Catalog, orders, status',
  'app-marketing-tools': 'Greeting, away message, quick replies, labels, marketing in the app',
  'business-profile': 'Business profile',
  channels: 'Channels',
  'companion-devices': 'Linked devices',
  'windows-and-wearos-companions': 'WhatsApp for Windows and WearOS',
  'customers-on-windows-and-wearos': 'Customers on Windows and WearOS',
  'api-messages': 'Messages of the API in the app',
  'api-marketing-messages': 'Marketing messages of the API in the app',
  templates: 'Message templates',
  'chat-backup': 'Chat backup',
  'paid-verification': 'Meta Verified',
  'official-business-account': 'Official business account',
  'marketing-messages-api': 'Marketing Messages API',
  'calling-api': 'Calling API',
  'groups-api': 'Groups API',
  'multi-solution-conversations': 'Multi-solution conversations',
  'app-only-install': 'App-only install',
  'conversions-api': 'Conversions API and click-to-WhatsApp ads',
  'sending-to-user-ids': 'Messages to user ids',
  'authentication-to-user-ids': 'Authentication templates to user ids',
  'moving-to-another-account': 'Moving the number to another partner or account',
  'moving-onto-coexistence': 'Moving a Cloud API number onto the app',
};

/**
 * Lists the support of all features, as a table for a page of your product. The order is that of Meta's own table. Each
 * row contains its source and dates. Titles and notes are in English. See {@link checkFeature} for one feature.
 *
 * @param options - The day of the rules, or your own policy.
 * @throws `InvalidArgumentError` if `asOf` isn't a date
 *
 * @example
 * ```ts
 * import { restrictions } from 'wa-coexist/coexistence';
 *
 * for (const { title, inApp, throughApi, source } of restrictions()) {
 *   console.log(title, inApp, throughApi ? 'yes' : 'no', source);
 * }
 * ```
 */
export function restrictions(options: RulesOptions = {}): readonly RestrictionRow[] {
  const policy = rulesOf(options);
  return coexistenceFeatures.map((feature) => {
    const { rule, ...check } = checkFeature(feature, { policy });
    return { feature, title: titles[feature], ...check, ...datesOf(rule) };
  });
}

function datesOf({ since, until, source, note }: FeatureCheck['rule']): Pick<RestrictionRow, 'since' | 'until' | 'source' | 'note'> {
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until }), source, ...(note !== undefined && { note }) };
}
