import type { FakeContent } from './fake-content.js';
import type { FakeFlow, FakeFlowOptions } from './flows/fake-flow.js';

/** Who a customer is. */
export interface FakeCustomerOptions {
  /** Profile name. @defaultValue `Customer` and the last four digits */
  readonly name?: string | undefined;
  /** Business-scoped user id. @defaultValue one made from the number */
  readonly userId?: string | undefined;
  /** Parent user ID, if the business's portfolio is managed. @defaultValue none */
  readonly parentUserId?: string | undefined;
  readonly username?: string | undefined;
  /** Whether webhooks leave the number out, as for people who adopted a username. @defaultValue `false` */
  readonly hidesNumber?: boolean | undefined;
  /** Whether the customer's phone is on: without it messages are `sent` and never `delivered`. @defaultValue `true` */
  readonly online?: boolean | undefined;
  /** Whether the number has WhatsApp: without it messages are accepted and `failed` (131026). @defaultValue `true` */
  readonly reachable?: boolean | undefined;
}

/** The IDs after {@link FakeCustomer.changeUserId}. */
export interface FakeUserIdChange {
  /** @defaultValue a made-up one */
  readonly userId?: string;
  /** @defaultValue a made-up one if the customer has a parent user ID */
  readonly parentUserId?: string;
}

/** How a message of a customer arrives. */
export interface FakeCustomerSendOptions {
  /** The wamid of the message that it quotes. */
  readonly replyTo?: string | undefined;
  /**
   * Whether Meta first delivers the stub "This message is unavailable" (131060) and the message itself 200 ms later under the same wamid.
   * @defaultValue `false`
   */
  readonly unavailableFirst?: boolean | undefined;
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
  /** The current text, if it is a text message. */
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
  readonly parentUserId: string | undefined;
  readonly username: string | undefined;
  /** Whether webhooks leave the number out. */
  readonly hidesNumber: boolean;
  readonly name: string;
  /** What was sent to this customer, oldest first. */
  readonly inbox: readonly FakeInboxMessage[];

  /** Writes to a business, which opens its service window where the number is linked. Gives the wamid. */
  send(phoneNumberId: string, content: FakeContent, options?: FakeCustomerSendOptions): string;
  /**
   * Opens the Flow of a received message. The requests to the endpoint are encrypted with the key of `setEncryptionKey`, and
   * signed with the app secret. See {@link FakeFlow}.
   *
   * @param messageId - The wamid of the message.
   * @param options - The endpoint, if it isn't the `endpoint_uri` of the Flow.
   * @throws `Error` if the message contains no Flow, or the Flow has no JSON.
   */
  openFlow(messageId: string, options?: FakeFlowOptions): Promise<FakeFlow>;
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
  /** Joins a group by its link, or requests to join it. @throws `Error` if there is no such group. */
  joinGroup(inviteLink: string): void;
  /**
   * Moves to another number with another user ID. Chats, inbox and open service windows move along. Linked numbers that have a chat with this
   * customer receive the system message `user_changed_number`, without `from` and `contacts`. The old number has no WhatsApp until
   * `fake.customer(oldWaId, { reachable: true, userId })` assigns it to another person.
   *
   * @returns The customer at the new number. Use it from then on.
   * @throws `Error` if `waId` contains no digits.
   */
  changeNumber(waId: string): FakeCustomer;
  /**
   * Changes the user ID, and the parent user ID if there is one. Linked numbers that have a chat with this customer receive the system message
   * `user_changed_user_id`, without `from` and `contacts`. Sends to the old user ID fail from then on.
   *
   * @param change - The new IDs.
   */
  changeUserId(change?: FakeUserIdChange): void;
  /** Adopts a username and hides the number: webhooks contain the user ID and the username only. {@link FakeCustomer.showNumber} undoes it. */
  setUsername(username: string): void;
  /** Hides the number: from now on webhooks contain the user ID only, also inside wamids. */
  hideNumber(): void;
  /** Shows the number in webhooks again. */
  showNumber(): void;
  /** Turns the customer's phone on or off. Waiting messages are `delivered` when it is turned on. */
  setOnline(online: boolean): void;
}
