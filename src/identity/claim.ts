import type { WebhookEvent } from '../webhooks/fields/registry.js';
import type { PastMessage, SystemContent } from '../webhooks/events/message-content.js';
import { isId, samePerson, type PersonIds } from './person.js';

/** The statement of an event about the IDs of a person. */
export type IdentityClaim =
  | {
      /** The IDs belong to one person. */
      readonly type: 'same';
      readonly ids: PersonIds;
      readonly atMs: number;
    }
  | {
      /** A person has new IDs. */
      readonly type: 'changed';
      readonly previous: PersonIds;
      readonly current: PersonIds;
      readonly atMs: number;
    };

/** The IDs of a person before and after a change. */
export interface IdentityChange {
  readonly previous: PersonIds;
  readonly current: PersonIds;
}

/**
 * Returns the statements of a webhook event about the IDs of people.
 *
 * - Events of {@link identityChangeOf} report new IDs.
 * - Each other event reports that the IDs of its customer belong together. A history chunk does so for each of its
 *   threads.
 *
 * @param event - An event of `parseWebhook` or of a receiver.
 * @param nowMs - The time for events without a time, in milliseconds since the Unix epoch.
 */
export function identityClaims(event: WebhookEvent, nowMs: number): readonly IdentityClaim[] {
  const { customer } = event;
  const atMs = event.occurredAt?.getTime() ?? nowMs;
  const change = identityChangeOf(event);
  if (change) return [{ type: 'changed', ...change, atMs }];
  const same = (ids: PersonIds | undefined): readonly IdentityClaim[] => (ids ? [{ type: 'same', ids, atMs }] : []);
  return event.type === 'history.chunk' ? event.threads.flatMap((thread) => same(thread.customer)) : same(customer);
}

/**
 * Returns the new and the previous IDs of a person from an event that reports a change:
 *
 * - System messages `user_changed_user_id` and `user_changed_number`. They usually have no `from` and no `contacts`.
 *   Source: Meta, changelog (11 Aug 2026).
 * - The older field `user_id_update`.
 *
 * @param event - An event of `parseWebhook` or of a receiver.
 * @returns `undefined` if the event reports no change
 */
export function identityChangeOf(event: WebhookEvent): IdentityChange | undefined {
  switch (event.type) {
    case 'message':
    case 'standby.message':
      return event.message.type === 'system' ? systemChangeOf(event.message) : undefined;
    case 'user_id_update': {
      const { user_id: userId, parent_user_id: parentUserId, wa_id: waId } = event.value;
      return {
        previous: { userId: userId?.previous, parentUserId: parentUserId?.previous },
        current: { waId: waId === undefined ? event.customer?.waId : waId, userId: userId?.current, parentUserId: parentUserId?.current },
      };
    }
    default:
      return undefined;
  }
}

/**
 * Returns the IDs of a person after an event. If the event is about this person, its IDs are added or replace earlier
 * ones. A person who is known by phone number is later also recognized by user ID, and vice versa.
 *
 * @param known - The IDs so far.
 * @param event - An event of the same business number.
 */
export function idsAfter(known: PersonIds, event: WebhookEvent): PersonIds {
  const change = identityChangeOf(event);
  const seen = change ? change.previous : event.customer;
  if (!seen || !samePerson(known, seen)) return known;
  const { waId, userId, parentUserId, username } = change ? change.current : seen;
  const added = Object.entries({ waId, userId, parentUserId, username }).filter(([, id]) => isId(id));
  return { ...known, ...Object.fromEntries(added) };
}

/**
 * Returns the new and the previous IDs of a person from a system message.
 *
 * @param message - A message of type `system`.
 * @returns `undefined` if the message contains no IDs
 */
export function systemChangeOf({ system, from, from_user_id: fromUserId }: SystemContent & PastMessage): IdentityChange | undefined {
  const current: PersonIds = { waId: system.wa_id ?? system.new_wa_id, userId: system.user_id, parentUserId: system.parent_user_id };
  if (![current.waId, current.userId, current.parentUserId].some(isId)) return undefined;
  const previous: PersonIds = {
    // `from` is the number before the change. Older payloads repeat it as `customer`.
    waId: system.customer ?? from,
    userId: system.previous_user_id ?? fromUserId,
    parentUserId: system.previous_parent_user_id,
  };
  return { previous, current };
}
