import { defined } from '../../runtime/json.js';
import type { AccountErrorEvent, FieldEvent } from '../events/base.js';
import { recordOf, timeOf } from './loose.js';
import { customerOf } from './event-people.js';
import { readErrors } from './read-errors.js';
import { fields, type OptionalShape, type RequiredShape, type Schema } from './schema.js';
import type { Scope } from './scope.js';
import type { WebhookField } from './webhook-field.js';

/** An event whose content is one object of the webhook. */
type ValueEvent = FieldEvent<string, object, string>;

/** Who owns the number and username in a value. A value about the business has no customer. */
type Subject = 'business' | 'customer';

/**
 * A field whose value is one object.
 *
 * @param required - The schemas of the required members.
 * @param optional - The schemas of the other members.
 * @param subject - @defaultValue `'business'`
 * @param type - The type of the event. @defaultValue the name of the field
 */
export function singleValue<Event extends ValueEvent>(
  required: RequiredShape<Event['value']>,
  optional: OptionalShape<Event['value']>,
  subject: Subject = 'business',
  type?: Event['type'],
): WebhookField<Event> {
  const schema = fields<Event['value']>(required, optional);
  return {
    read: (scope) => {
      readValue(scope, scope.value, type ?? scope.field, schema, subject);
    },
  };
}

/** A field whose value contains a list of objects about customers. */
export function valueList<Event extends ValueEvent>(
  name: string,
  required: RequiredShape<Event['value']>,
  optional: OptionalShape<Event['value']>,
): WebhookField<Event | AccountErrorEvent> {
  const schema = fields<Event['value']>(required, optional);
  return {
    lists: { [name]: {}, errors: {} },
    read: (scope) => {
      for (const raw of scope.take(name)) readValue<Event>(scope, raw, scope.field, schema);
      readErrors(scope);
    },
  };
}

/** Emits an event that contains an item as `value`. */
export function readValue<Event extends ValueEvent>(
  scope: Scope<Event>,
  raw: unknown,
  type: Event['type'],
  schema: Schema<Event['value']>,
  subject: Subject = 'customer',
): void {
  // The content of such an event is only its value. The compiler can't check that for a type parameter.
  const { emit } = scope as unknown as Scope<ValueEvent>;
  const value = scope.fit(schema, raw);
  if (!value) return;
  const item = recordOf(raw);
  const {
    wa_id: number,
    phone_number: otherNumber,
    user_id: userId,
    parent_user_id: parentUserId,
    username,
  } = recordOf(item.sender ?? raw);
  const identity = {
    number: number ?? otherNumber,
    userId: currentOf(userId),
    parentUserId: currentOf(parentUserId),
    username,
  };
  const customer = subject === 'business' ? undefined : customerOf(identity, scope.contacts());
  const occurredAt = timeOf(item.timestamp);
  emit(type, raw, { value }, defined({ customer, occurredAt }));
}

/** `user_id_update` contains the previous and the current ID. */
function currentOf(id: unknown): unknown {
  return typeof id === 'object' ? recordOf(id).current : id;
}
