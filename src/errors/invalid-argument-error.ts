import { WhatsAppError } from './whatsapp-error.js';

/** An option of a `create…` function or a parameter of an action breaks a rule. Thrown before anything is sent. */
export class InvalidArgumentError extends WhatsAppError {
  override readonly name = 'InvalidArgumentError';
  override readonly kind = 'invalid-argument';
  /** Name of the option or parameter. */
  readonly field: string;
  /** The rule, in words. */
  readonly rule: string;

  constructor(action: string, field: string, rule: string, options?: { readonly cause?: unknown }) {
    super(`${action}: ${field} ${rule}. Nothing was sent.`, options);
    this.field = field;
    this.rule = rule;
  }
}
