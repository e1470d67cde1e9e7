import type { FakeContent } from './fake-content.js';

/** Who a customer is. */
export interface FakeCustomerOptions {
  /** Profile name. @defaultValue `Customer` and the last four digits */
  readonly name?: string;
  /** Business-scoped user id. @defaultValue one made from the number */
  readonly userId?: string;
  readonly username?: string;
  /** Whether webhooks leave the number out, as for people who adopted a username. @defaultValue `false` */
  readonly hidesNumber?: boolean;
  /** Whether the customer's phone is on: without it messages are `sent` and never `delivered`. @defaultValue `true` */
  readonly online?: boolean;
  /** Whether the number has WhatsApp: without it messages are accepted and `failed` (131026). @defaultValue `true` */
  readonly reachable?: boolean;
}

/** How a message of a customer arrives. */
export interface FakeCustomerSendOptions {
  /** The wamid of the message that it answers. */
  readonly replyTo?: string;
  /**
   * Whether Meta first delivers the stub "This message is unavailable" (131060) and the message itself 200 ms later under the same wamid.
   * @defaultValue `false`
   */
  readonly unavailableFirst?: boolean;
}

/** A message that a customer received. */
export interface FakeInboxMessage {
  readonly id: string;
  /** Graph id of the number that it came from. */
  readonly phoneNumberId: string;
  /** Whether it was sent through the API or typed in the Business app. */
  readonly via: 'api' | 'app';
  readonly receivedAt: Date;
  readonly type: string;
  /** The text, where it is one: as it reads now. */
  readonly text?: string;
  /** The whole content in Meta's shape, as it is now. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly edited: boolean;
  readonly deleted: boolean;
}

/**
 * A person with WhatsApp who writes to businesses.
 *
 * @example
 * ```ts
 * import { createFakeCloudApi } from 'wa-coexist/testing';
 *
 * const fake = createFakeCloudApi();
 * const number = fake.coexistenceNumber();
 * const mara = fake.customer('15550100987', { name: 'Mara' });
 * mara.send(number.phoneNumberId, 'Do you have rye bread?');
 * await fake.settled();
 * console.log(mara.inbox.map((message) => message.text));
 * ```
 */
export interface FakeCustomer {
  readonly waId: string;
  readonly userId: string;
  readonly name: string;
  /** What was sent to this customer, oldest first. */
  readonly inbox: readonly FakeInboxMessage[];

  /** Writes to a business, which opens its service window where the number is linked. Gives the wamid. */
  send(phoneNumberId: string, content: FakeContent, options?: FakeCustomerSendOptions): string;
  /** Changes the text of a message of this customer. Gives the wamid of the edit itself. @throws `Error` if there is no such message. */
  edit(messageId: string, text: string): string;
  /** Deletes a message of this customer for everyone. Gives the wamid of the deletion itself. @throws `Error` if there is no such message. */
  delete(messageId: string): string;
  /** Reads a message: status `read`, if it was sent through the API. @defaultValue everything unread */
  read(messageId?: string): void;
  /** Listens to a voice message: status `played`, if it was sent through the API. @throws `Error` if there is no such message. */
  play(messageId: string): void;
  /** Stops the marketing of a business, or takes it up again: `user_preferences`, and 131050 for marketing templates. */
  setMarketing(phoneNumberId: string, wanted: boolean): void;
  /** Rings a business that has calling enabled, which also permits it to call back. Gives the id of the call. @throws `Error` if it has not. */
  call(phoneNumberId: string): string;
  /** Joins a group by its link, or asks to. @throws `Error` if there is no such group. */
  joinGroup(inviteLink: string): void;
  /**
   * Moves to another number, which takes the chats along: businesses that this customer wrote to get a system message and `user_id_update`. The
   * new one is `fake.customer(waId)`.
   */
  changeNumber(waId: string): void;
  /** Switches the customer's phone on or off; what waited is `delivered` when it comes on. */
  setOnline(online: boolean): void;
}
