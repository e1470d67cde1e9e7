import { WhatsAppError } from './whatsapp-error.js';

/** The rule behind a refusal: a row of the policy. */
export interface Restriction {
  /** Where it is written, with the date of that copy. */
  readonly source: string;
  /** First day on which it held (ISO date); absent: since before the library's records. */
  readonly since?: string;
  /** What one should know beside it. */
  readonly note?: string;
}

/** Meta refuses this on a number that is on the WhatsApp Business app, too; nothing was sent. */
export class RestrictedFeatureError extends WhatsAppError {
  override readonly name = 'RestrictedFeatureError';
  override readonly kind = 'restricted-feature';
  /** Name of the feature or operation in the policy. */
  readonly feature: string;
  /** The rule, with its source and dates. */
  readonly rule: Restriction;

  constructor(feature: string, rule: Restriction) {
    super(
      `Nothing was sent: ${feature} is refused on a coexistence number${rule.since === undefined ? '' : ` since ${rule.since}`} ` +
        `(${rule.source}).${rule.note === undefined ? '' : ` ${rule.note}`} ` +
        'For another number use client.for({ … }); if Meta allows it by now, override the rule: createClient({ policy: coexistencePolicy({ overrides }) }).',
    );
    this.feature = feature;
    this.rule = rule;
  }
}
