import type { EventBase } from '../events/base.js';
import type { Scope } from './scope.js';

/** Names of lists of items, with the lists that each item contains. */
export interface Lists {
  readonly [name: string]: Lists;
}

/** How the library reads the value of one webhook field, which emits some types of events and contains some lists. */
export interface WebhookField<Event extends EventBase<string, string>, List extends string = string> {
  /**
   * The lists of items in the value. Readers take only these lists, and `splitDelivery` cuts only these. Every other list or object of the
   * value becomes an event of type `unknown`. A field without lists is one item.
   */
  readonly lists?: { readonly [Name in List]: Lists };
  /** The member of the value that contains the lists. @defaultValue the value itself */
  readonly inner?: string;
  /** Emits the events of one value. */
  readonly read: (scope: Scope<Event, List>) => void;
}
