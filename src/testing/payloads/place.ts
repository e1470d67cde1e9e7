import type { Customer } from '../../webhooks/events/base.js';

/** The account of a payload, and its time. */
export interface PayloadPlace {
  /** @defaultValue a made-up WABA, the same one always */
  readonly wabaId?: string;
  /** Meta's time of what happened, in whole seconds. @defaultValue now, by the machine's clock */
  readonly occurredAt?: Date;
}

/** The account and the number of a payload. */
export interface NumberPayloadPlace extends PayloadPlace {
  /** Graph id of the business number. @defaultValue a made-up one, the same one always */
  readonly phoneNumberId?: string;
  /** The business number: digits. @defaultValue `'15550100123'` */
  readonly displayPhoneNumber?: string;
}

/** The place of a payload that is about one person. */
export interface CustomerPayloadPlace extends NumberPayloadPlace {
  /**
   * The customer. If the user ID is missing, it is derived from the number, because Meta always sends one. Without `waId`,
   * the customer hides the number.
   * @defaultValue Mara, 15550100987
   */
  readonly customer?: Customer;
}
