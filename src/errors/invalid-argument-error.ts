import { WhatsAppError } from './whatsapp-error.js';

/** A parameter of an action breaks a rule that costs something to break at Meta; nothing was sent. */
export class InvalidArgumentError extends WhatsAppError {
  override readonly name = 'InvalidArgumentError';
  override readonly kind = 'invalid-argument';
  /** Name of the parameter. */
  readonly field: string;
  /** The rule, in words. */
  readonly rule: string;

  constructor(action: string, field: string, rule: string) {
    super(`${action}: ${field} ${rule}. Nothing was sent.`);
    this.field = field;
    this.rule = rule;
  }
}
