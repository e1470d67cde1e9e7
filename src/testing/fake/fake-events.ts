import type { FakeRequestRecord } from './fake-request.js';
import type { FakeDelivery } from './fake-delivery.js';

/** Something that is not as it was: which kind of thing, and its id. */
export interface FakeChange {
  /** A message of a chat, a number with its link and address book, a template, a person. */
  readonly what: 'message' | 'number' | 'template' | 'customer';
  /** A wamid, the Graph id of a number or template, or the number of a person. */
  readonly id: string;
}

/** What can be watched on a fake, by the name of the event. */
export interface FakeEvents {
  /** A request was answered. */
  readonly request: FakeRequestRecord;
  /** A delivery came into being, was tried, or came to its end: the record as it is now. */
  readonly delivery: FakeDelivery;
  /** Something changed in the world of businesses, phones and people. */
  readonly change: FakeChange;
}
