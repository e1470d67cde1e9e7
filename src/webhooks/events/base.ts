export type { OpenEnum } from '../../runtime/open-enum.js';

/**
 * The customer of an event, with at least one ID. Since 2026, people can hide their number, so `waId` may be missing.
 * Source: Meta, Business-scoped user IDs (29 Jun 2026).
 */
export interface Customer {
  /** The phone number as digits, as WhatsApp writes it. */
  readonly waId?: string;
  /** Business-scoped user ID (BSUID), an opaque ID of the person for one business portfolio. */
  readonly userId?: string;
  /** BSUID of an enrolled parent portfolio. */
  readonly parentUserId?: string;
  readonly username?: string;
  /** Profile name, if the delivery contains it. */
  readonly name?: string;
}

/** Properties of every event. */
export interface EventBase<Type extends string, Field extends string> {
  /** The type of the event, for a `switch`. */
  readonly type: Type;
  /** The webhook field that contained the event. */
  readonly field: Field;
  /** The WABA of the event: `waba_info.waba_id` if it exists, otherwise the ID of the entry. */
  readonly wabaId?: string;
  /** Phone number ID of the business number. */
  readonly phoneNumberId?: string;
  /** The business number as Meta writes it. */
  readonly displayPhoneNumber?: string;
  /** The customer of the event. */
  readonly customer?: Customer;
  /** The time of the event by Meta's clock. */
  readonly occurredAt?: Date;
  /**
   * A key that all duplicates of this event share, and no other event has. Use it for a `UNIQUE` column or to detect
   * duplicates. There is one exception: if Meta sends an account event without a time, it looks the same as an earlier event
   * of this kind. The key of such an event ends with `/@`.
   */
  readonly key: string;
  /** The item as Meta sent it, including fields that the types don't contain. */
  readonly raw: unknown;
}

/** An event whose content is one object that Meta documents for the field. */
export interface FieldEvent<Type extends string, Value extends object, Field extends string = Type> extends EventBase<Type, Field> {
  /** Meta's object. Parts whose type differs from the documented one, for example `null`, are omitted here and stay in `raw`. */
  readonly value: Value;
}

/** An error in a webhook. `graphError(error)` converts it to a typed error. */
export interface WebhookError {
  readonly code: number;
  readonly title?: string;
  readonly message?: string;
  /** `details` usually contains the most specific explanation. */
  readonly error_data?: { readonly details?: string };
  /** Meta's page on error codes. */
  readonly href?: string;
}

/**
 * Meta reports an error of the app, the account or the number that isn't about a single message. `graphError(event.error)` converts
 * it to a typed error.
 */
export interface AccountErrorEvent extends EventBase<'account.error', string> {
  readonly error: WebhookError;
}

/**
 * An event that this version of the library has no type for: an unknown field, or an item of a known field that lacks a required
 * part. `raw` contains the whole item.
 */
export type UnknownEvent = EventBase<'unknown', string>;
