import { WhatsAppError } from './whatsapp-error.js';

/** A rule of the policy that rejected a request. */
export interface FeatureRestriction {
  /** Source of the rule, with the date of the page. */
  readonly source: string;
  /** First day of the rule (ISO date). Absent if the rule is older than the library's records. */
  readonly since?: string;
  /** Additional information. */
  readonly note?: string;
}

/**
 * Thrown if Meta doesn't allow the request for a number that is also on the WhatsApp Business app. The request was not
 * sent.
 */
export class RestrictedFeatureError extends WhatsAppError {
  override readonly name = 'RestrictedFeatureError';
  override readonly kind = 'restricted-feature';
  /** Name of the feature or operation in the policy. */
  readonly feature: string;
  /** The rule, with its source and dates. */
  readonly rule: FeatureRestriction;

  /** ID of the phone number, if it is known. */
  readonly phoneNumberId: string | undefined;

  constructor(feature: string, rule: FeatureRestriction, phoneNumberId?: string) {
    super(
      `The request was not sent: Meta does not allow ${feature} on ${phoneNumberId === undefined ? 'a coexistence number' : `number ${phoneNumberId}`}, ` +
        `because the number is also on the WhatsApp Business app.${rule.note === undefined ? '' : ` ${rule.note}`} ` +
        'Use a number that is only on Cloud API: client.for({ phoneNumberId }). ' +
        'If Meta allows it now, override the rule: createClient({ policy: coexistencePolicy({ overrides }) }).',
    );
    this.feature = feature;
    this.rule = rule;
    this.phoneNumberId = phoneNumberId;
  }
}
