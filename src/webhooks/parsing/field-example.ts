import type { FieldEvent } from '../events/base.js';

/** A value as Meta sends it, with integer IDs of templates. */
export type SentValue<Value> = {
  readonly [Name in keyof Value]: Name extends 'message_template_id' ? number | string : Value[Name];
};

/** The contents of an example besides the account: the number and the customer. `portfolio`: the entry belongs to a business portfolio, not to a WABA. */
export type ExamplePlace = 'account' | 'portfolio' | 'number' | 'customer';

/** The business number, customer and time of an example. */
export interface ExampleScene {
  readonly number: { readonly id: string; readonly waId: string };
  /** `wa_id` is absent if the customer hides the number. */
  readonly person: { readonly wa_id?: string; readonly user_id: string };
  /** Unix seconds. */
  readonly timestamp: string;
  /** Returns a new wamid of a message from the customer. */
  readonly messageId: () => string;
}

/** Describes a field whose events contain one object of the webhook, for `webhookPayload` and for the guide. */
export interface FieldExample<Event extends FieldEvent<string, object, string>, Place extends ExamplePlace = 'account'> {
  /** When Meta sends the event, as a sentence of the guide. */
  readonly text: string;
  readonly place: Place;
  /** The field, if its name differs from the type of the event. */
  readonly field?: string;
  readonly value: (scene: ExampleScene) => SentValue<Event['value']> & Readonly<Record<string, unknown>>;
}
