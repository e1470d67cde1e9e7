import type { FakeContent } from './fake-content.js';

/** A contact of the phone's address book. */
export interface FakeContact {
  /** The contact's number: digits. */
  readonly waId: string;
  readonly fullName: string;
  /** @defaultValue the first word of `fullName` */
  readonly firstName?: string;
}

/** A companion device that is linked to the Business app. */
export type FakeCompanion = 'web' | 'mac' | 'second-phone' | 'windows' | 'wearos';

/** A message as the Business app shows it. */
export interface FakeChatMessage {
  readonly id: string;
  /** The customer's number: digits. */
  readonly customerWaId: string;
  /** The customer, the team in the app (or on a linked device), or the API. */
  readonly sender: 'customer' | 'app' | 'api';
  readonly at: Date;
  readonly type: string;
  /** The current text, if it is a text message. */
  readonly text?: string;
  /** The whole content in Meta's shape, as it is now. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly status: 'SENT' | 'DELIVERED' | 'READ' | 'PLAYED' | 'PENDING' | 'ERROR';
  /** The wamid of the message that it quotes. */
  readonly quotes?: string;
  readonly edited: boolean;
  readonly deleted: boolean;
}

/** A chat of the Business app. */
export interface FakeChat {
  /** The customer's number: digits. */
  readonly customerWaId: string;
  /** The name in the customer's profile. Missing for people of `seedHistory`. */
  readonly customerName: string | undefined;
  /** Oldest first. */
  readonly messages: readonly FakeChatMessage[];
  readonly messageCount: number;
  /** The newest message. It takes less time than `messages`. */
  readonly lastMessage: FakeChatMessage | undefined;
  /** Time of the newest message. Use it to sort many chats. */
  readonly lastMessageAt: Date | undefined;
}

/** What {@link FakePhone.seedHistory} makes up. The same options make the same chats. */
export interface FakeHistoryOptions {
  /** People in the address book. @defaultValue 40 */
  readonly contacts?: number | undefined;
  /** Chats; the first ones are with the contacts. @defaultValue 60 */
  readonly threads?: number | undefined;
  /** Messages in all chats together. @defaultValue 6000 */
  readonly messages?: number | undefined;
  /** Days that the chats reach back from now. @defaultValue 180 */
  readonly days?: number | undefined;
  /** Share of the messages that carry a file, from 0 to 1. @defaultValue 0.12 */
  readonly mediaShare?: number | undefined;
  /** @defaultValue the seed of the fake */
  readonly seed?: number | undefined;
}

/** What was made up. */
export interface FakeHistory {
  readonly contacts: number;
  readonly threads: number;
  readonly messages: number;
  /** Messages with a file, of any age. */
  readonly media: number;
}

/** How the history sync of a phone behaves. */
export interface FakeHistorySyncOptions {
  /** Messages in one chunk. @defaultValue 200 */
  readonly chunkMessages?: number | undefined;
  /** Sends the media before the chunks that hold their placeholders. @defaultValue `false` */
  readonly mediaFirst?: boolean | undefined;
  /** Sends only so many chunks and then nothing more. @defaultValue all */
  readonly stopAfterChunks?: number | undefined;
}

/** Why and by whom the link between app and API is cut. */
export interface FakeDisconnectOptions {
  /** One of Meta's reasons, as `PRIMARY_INACTIVITY`. @defaultValue none, as for a plain Disconnect */
  readonly reason?: string | undefined;
  /** @defaultValue `'USER'` where there is a reason */
  readonly initiatedBy?: 'USER' | 'SYSTEM' | undefined;
  /**
   * Which of Meta's two documented shapes of `PARTNER_REMOVED` is sent: that of the coexistence guide (`entry.id` is the WABA) or that of
   * the webhook reference (`entry.id` is the partner's portfolio, the WABA is in `waba_info`). @defaultValue `'guide'`
   */
  readonly shape?: 'guide' | 'reference' | undefined;
}

/** Options for a change of device. */
export interface FakeChangeDeviceOptions {
  /** Whether the person leaves the box ticked that reconnects the API. @defaultValue `true` */
  readonly reconnect?: boolean | undefined;
  /** Milliseconds of the fake's clock until the reconnection. @defaultValue 120 000 */
  readonly reconnectAfterMs?: number | undefined;
}

/**
 * The WhatsApp Business app on the phone of a business. What is done here reaches the API's side as Meta sends it: as webhooks, once the
 * number is linked, the app subscribed to the field and the WABA to the app.
 *
 * @example
 * ```ts
 * import { createFakeCloudApi } from 'wa-coexist/testing';
 *
 * const fake = createFakeCloudApi();
 * const number = fake.coexistenceNumber();
 * const phone = fake.phone(number.phoneNumberId);
 * const id = phone.send('15550100987', 'We open at nine');
 * phone.edit(id, 'We open at ten');
 * await fake.settled();
 * ```
 */
export interface FakePhone {
  readonly phoneNumberId: string;
  /** The number as digits. */
  readonly waId: string;
  /** Whether the number is linked to the API: `signup` links it, `disconnect` and a change of device cut it off. */
  readonly linked: boolean;
  /** The address book. */
  readonly contacts: readonly FakeContact[];
  /** Linked companion devices. Onboarding and a change of the phone unlink all. */
  readonly companions: readonly FakeCompanion[];
  /** All messages in the app. */
  readonly chats: readonly FakeChat[];
  /** Last use of the app. */
  readonly lastUsedAt: Date;

  /**
   * Sends a message to a customer. Your receiver gets an echo, unless the message is sent on a companion device that Meta doesn't support.
   * Returns the wamid.
   */
  send(customerWaId: string, content: FakeContent, options?: { readonly from?: FakeCompanion }): string;
  /** Edits the text of a message that this number sent. Returns the wamid of the edit itself. @throws `Error` if there is no such message. */
  edit(messageId: string, text: string): string;
  /**
   * Deletes a message that this number sent, for everyone. Returns the wamid of the deletion itself.
   * @throws `Error` if there is no such message.
   */
  delete(messageId: string): string;
  /** Adds a contact. */
  addContact(contact: FakeContact): void;
  /** Changes a contact. @throws `Error` if there is none with this number. */
  editContact(waId: string, change: Partial<Omit<FakeContact, 'waId'>>): void;
  /** Removes a contact. @throws `Error` if there is none with this number. */
  removeContact(waId: string): void;
  /** Links a device. At most four. @throws `Error` if there are four. */
  linkCompanion(companion: FakeCompanion): void;
  /** Opens the app, so that the link lasts another 14 days. An unused app only loses its link on a `fakeClock`. */
  openApp(): void;
  /** Cuts the link (Settings, Account, Business Platform, Disconnect): `PARTNER_REMOVED`; only another `signup` brings it back. */
  disconnect(options?: FakeDisconnectOptions): void;
  /** Moves the number to another device: `ACCOUNT_OFFBOARDED`, then `ACCOUNT_RECONNECTED`. */
  changeDevice(options?: FakeChangeDeviceOptions): void;
  /** Fills address book and chats with made-up people and messages of the past. Call it before `signup`: history reaches back from there. */
  seedHistory(options?: FakeHistoryOptions): FakeHistory;
  /** Says how the history sync will behave. */
  configureHistorySync(options: FakeHistorySyncOptions): void;
  /** Chooses "don't share chats": a history sync is then answered by error 2593109. */
  declineHistory(): void;
}
