import { WhatsAppError } from './whatsapp-error.js';

/** The rule behind a refusal: a row of the policy. */
export interface FeatureRestriction {
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
  readonly rule: FeatureRestriction;

  /** Graph id of the number, if it is known. */
  readonly phoneNumberId: string | undefined;

  constructor(feature: string, rule: FeatureRestriction, phoneNumberId?: string) {
    super(
      `Nothing was sent: Meta does not allow ${feature} on ${phoneNumberId === undefined ? 'a coexistence number' : `number ${phoneNumberId}`}, ` +
        `because the number is also on the WhatsApp Business app.${rule.note === undefined ? '' : ` ${rule.note}`} ` +
        'Use a number that is only on Cloud API: client.for({ phoneNumberId }). ' +
        'If Meta allows it by now, override the rule: createClient({ policy: coexistencePolicy({ overrides }) }).',
    );
    this.feature = feature;
    this.rule = rule;
    this.phoneNumberId = phoneNumberId;
  }
}
