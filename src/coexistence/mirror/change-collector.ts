import type { Customer } from '../../webhooks/events/base.js';
import { changeList, type ChangeList } from './change-list.js';
import { customerIdsOf, type ConversationOptions } from './identity.js';

/** Collects the rows of one number. */
export interface Collector {
  readonly phoneNumberId: string;
  readonly options: ConversationOptions;
  readonly changes: ChangeList;
  /** Adds the data of a person, and returns the ID of their conversation. */
  person(customer: Customer | undefined, seenAt: Date): string | undefined;
  /** Adds aliases: these IDs belong to another ID since a given time. */
  same(ids: readonly string[], as: string | undefined, since: Date): void;
  /** Adds a report of new IDs that identifies the person only by a phone number. */
  reported(ids: readonly string[], as: string, reportedAt: Date): void;
}

/** Stands for a missing time, which is earlier than any other one. */
export const noTime: Date = new Date(0);

/** The end of the year 9999. Later values aren't valid times, and databases reject them. */
const lastMs = 253_402_300_799_999;

/** Returns a time if it is valid, and {@link noTime} otherwise. */
export function timeOf(time: Date | undefined): Date {
  return time && time.getTime() <= lastMs && time.getTime() > 0 ? time : noTime;
}

/** Creates an empty collector. */
export function createCollector(phoneNumberId: string, options: ConversationOptions): Collector {
  const changes = changeList();
  const same: Collector['same'] = (ids, as, since) => {
    if (as === undefined) return;
    for (const customerId of ids) {
      if (customerId !== as) changes.add('aliases', { phoneNumberId, customerId, sameAs: as, since });
    }
  };
  return {
    phoneNumberId,
    options,
    changes,
    same,
    reported(ids, ownerId, reportedAt) {
      for (const customerId of ids) {
        if (customerId !== ownerId) changes.add('owners', { phoneNumberId, customerId, ownerId, reportedAt });
      }
    },
    person(customer, seenAt) {
      if (!customer) return undefined;
      const [customerId, ...others] = customerIdsOf(customer, options);
      if (customerId === undefined) return undefined;
      const { waId, parentUserId, username, name } = customer;
      changes.add('customers', {
        phoneNumberId,
        customerId,
        ...(waId !== undefined && { waId, waIdAt: seenAt }),
        ...(parentUserId !== undefined && { parentUserId, parentUserIdAt: seenAt }),
        ...(username !== undefined && { username, usernameAt: seenAt }),
        ...(name !== undefined && { name, nameAt: seenAt }),
      });
      same(others, customerId, seenAt);
      const [number] = customerIdsOf({ waId }, options);
      // Without a time, the owner of a number can't be compared with others.
      if (number !== undefined && number !== customerId && seenAt !== noTime)
        changes.add('owners', { phoneNumberId, customerId: number, ownerId: customerId, firstAt: seenAt });
      return customerId;
    },
  };
}
