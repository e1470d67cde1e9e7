import { defined } from '../../runtime/json.js';
import type { FieldEvent } from '../events/base.js';
import type { WebhookEvent } from '../events/event.js';
import {
  accountAlert,
  accountReview,
  accountSettings,
  automaticEvent,
  businessCapability,
  partnerSolution,
  paymentConfiguration,
  undocumented,
} from '../schemas/business.js';
import { flowUpdate } from '../schemas/flows.js';
import { groupLifecycle, groupParticipants, groupSettings, groupStatus } from '../schemas/groups.js';
import { messagingHandover } from '../schemas/handovers.js';
import { businessUsername, phoneNumberName, phoneNumberQuality, phoneNumberUsername, security } from '../schemas/numbers.js';
import type { Schema } from '../schemas/schema.js';
import { templateCategory, templateComponents, templateCorrectCategory, templateQuality, templateStatus } from '../schemas/templates.js';
import { userIdUpdate, userPreference } from '../schemas/users.js';
import { readErrors } from './errors.js';
import { customerOf } from './identity.js';
import { fieldLists, type ListField } from './lists.js';
import { recordOf, timeOf } from './loose.js';
import type { Scope } from './scope.js';

/** Events whose content is one object of Meta's. */
type ValueEvent = Exclude<Extract<WebhookEvent, FieldEvent<string, object, string>>, { readonly type: 'account.update' }>;
type ValueOf<Type extends ValueEvent['type']> = Extract<ValueEvent, { readonly type: Type }>['value'];

/** Fields whose value contains one list of items. */
type ListType = Extract<ValueEvent['type'], ListField>;
/** Fields whose value is the one item. */
type SingleType = Exclude<ValueEvent['type'], ListType | 'user_actions' | 'conversation_context'>;

const lists: { readonly [Type in ListType]: Schema<ValueOf<Type>> } = {
  automatic_events: automaticEvent,
  group_lifecycle_update: groupLifecycle,
  group_participants_update: groupParticipants,
  group_settings_update: groupSettings,
  group_status_update: groupStatus,
  user_id_update: userIdUpdate,
  user_preferences: userPreference,
};

const singles: { readonly [Type in SingleType]: Schema<ValueOf<Type>> } = {
  account_alerts: accountAlert,
  account_review_update: accountReview,
  account_settings_update: accountSettings,
  business_capability_update: businessCapability,
  business_status_update: undocumented,
  business_username_update: businessUsername,
  consumer_profile: undocumented,
  flows: flowUpdate,
  message_echoes: undocumented,
  message_template_components_update: templateComponents,
  message_template_quality_update: templateQuality,
  message_template_status_update: templateStatus,
  messaging_handovers: messagingHandover,
  partner_solutions: partnerSolution,
  payment_configuration_update: paymentConfiguration,
  phone_number_name_update: phoneNumberName,
  phone_number_quality_update: phoneNumberQuality,
  phone_number_username_update: phoneNumberUsername,
  security,
  template_category_update: templateCategory,
  template_correct_category_detection: templateCorrectCategory,
  tracking_events: undocumented,
};

/** Reads a field of which the value, or each element of its list, is one item without further structure. */
export function readValues(scope: Scope, field: string): void {
  // Both spellings are around.
  const type = field === 'business_username_updates' ? 'business_username_update' : field;
  if (isNameIn(lists, type)) {
    const [name] = fieldLists[type];
    for (const raw of scope.take(name)) readValue(scope, raw, type, lists[type]);
    readErrors(scope, 'account.error');
    scope.emitLeftovers();
  } else if (isNameIn(singles, type)) {
    readValue(scope, scope.value, type, singles[type]);
  }
}

function isNameIn<Table extends object>(table: Table, name: string): name is keyof Table & string {
  return Object.hasOwn(table, name);
}

/**
 * Whether a field describes the business, so that a number or username in it is its own. The others are `consumer_profile`, `message_echoes`,
 * `messaging_handovers` and `tracking_events`.
 */
const isAboutBusiness = (type: string): boolean => type in singles && !/^(?:consumer|message_e|messaging|tracking)/.test(type);

/** Reads an item whose event holds it as `value`. */
export function readValue<Type extends ValueEvent['type']>(scope: Scope, raw: unknown, type: Type, schema: Schema<ValueOf<Type>>): void {
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
  const customer = isAboutBusiness(type) ? undefined : customerOf(identity, scope.contacts());
  const occurredAt = timeOf(item.timestamp);
  // The content of an event of this type is its value and nothing else; the compiler does not follow that through a type parameter.
  const content = { value } as unknown as Parameters<typeof scope.emit<Type>>[2];
  scope.emit(type, raw, content, defined({ customer, occurredAt }));
}

/** `user_id_update` tells an id before and after. */
function currentOf(id: unknown): unknown {
  return typeof id === 'object' ? recordOf(id).current : id;
}
