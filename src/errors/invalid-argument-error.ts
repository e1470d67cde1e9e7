import { WhatsAppError } from './whatsapp-error.js';

/** Thrown if an option of a `create…` function or a parameter of an action is invalid. No request was sent. */
export class InvalidArgumentError extends WhatsAppError {
  override readonly name = 'InvalidArgumentError';
  override readonly kind = 'invalid-argument';
  /** Name of the option or parameter. */
  readonly field: string;
  /** The violated rule, as text. */
  readonly rule: string;

  constructor(action: string, field: string, rule: string, options?: { readonly cause?: unknown }) {
    super(`${action}: ${field} ${rule}. Nothing was sent.`, options);
    this.field = field;
    this.rule = rule;
  }
}
