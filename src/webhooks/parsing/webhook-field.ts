import type { EventBase } from '../events/base.js';
import type { Scope } from './scope.js';

/** Names of lists of items, and of the lists that each item contains. */
export interface Lists {
  readonly [name: string]: Lists;
}

/** The reader of one webhook field, with the types of its events and the names of its lists. */
export interface WebhookField<Event extends EventBase<string, string>, List extends string = string> {
  /**
   * The lists of items in the value. Readers use only these lists, and `splitDelivery` splits only these. All other
   * lists and objects of the value become events of type `unknown`. A field without lists is one item.
   */
  readonly lists?: { readonly [Name in List]: Lists };
  /** The member of the value that contains the lists. @defaultValue the value itself */
  readonly inner?: string;
  /** Emits the events of one value. */
  readonly read: (scope: Scope<Event, List>) => void;
}
