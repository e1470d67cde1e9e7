export type { OpenEnum } from '../../runtime/open-enum.js';

/**
 * Who an event is about: at least one id is there. Since 2026 people may hide their number, so `waId` may be missing.
 * Source: Meta, Business-scoped user IDs (29 Jun 2026).
 */
export interface Customer {
  /** The number as WhatsApp writes it: digits. */
  readonly waId?: string;
  /** Business-scoped user id (BSUID): opaque, one per person and business portfolio. */
  readonly userId?: string;
  /** BSUID of an enrolled parent portfolio. */
  readonly parentUserId?: string;
  readonly username?: string;
  /** Profile name, where the delivery holds it. */
  readonly name?: string;
}

/** What every event has. */
export interface EventBase<Type extends string, Field extends string> {
  /** What happened, for a `switch`. */
  readonly type: Type;
  /** The webhook field that it came in. */
  readonly field: Field;
  /** The WABA that it concerns: `waba_info.waba_id` where there, else the entry's id. */
  readonly wabaId?: string;
  /** Graph id of the business number. */
  readonly phoneNumberId?: string;
  /** The business number, as Meta wrote it. */
  readonly displayPhoneNumber?: string;
  /** The person that it concerns. */
  readonly customer?: Customer;
  /** When it happened by Meta's clock. */
  readonly occurredAt?: Date;
  /**
   * The same for every copy of this event, and for no other: for a `UNIQUE` column, or de-duplication. One exception: an account
   * event that Meta sent without a time can't be distinguished from an earlier one like it, and its key ends with `/@`.
   */
  readonly key: string;
  /** The item as Meta sent it, with every field that the types do not know. */
  readonly raw: unknown;
}

/** An event whose content is one object of Meta's, as documented for the field. */
export interface FieldEvent<Type extends string, Value extends object, Field extends string = Type> extends EventBase<Type, Field> {
  /** Meta's object. A part that does not have the type documented for it, as `null`, is left out here and stays in `raw`. */
  readonly value: Value;
}

/** An error inside a webhook. `graphError(error)` makes the typed error of it. */
export interface WebhookError {
  readonly code: number;
  readonly title?: string;
  readonly message?: string;
  /** `details` is usually the most telling sentence. */
  readonly error_data?: { readonly details?: string };
  /** Meta's page on error codes. */
  readonly href?: string;
}

/**
 * Meta reports a failure of the app, the account or the number that belongs to no single message: `errors` beside, or instead of,
 * the items of a field. `graphError(event.error)` makes the typed error of it.
 */
export interface AccountErrorEvent extends EventBase<'account.error', string> {
  readonly error: WebhookError;
}

/**
 * Something that this version of the library cannot type: a field it does not know, or an item of a known field that lacks what its
 * type needs. Nothing is lost: it is all in `raw`.
 */
export type UnknownEvent = EventBase<'unknown', string>;
