import type { DatabaseSync } from 'node:sqlite';
import { messageToken, parseMessageId } from '../../../identity/message-id.js';
import type { ConversationChange, EditRow, MessageRow } from '../conversation-rows.js';
import { cleanText } from '../conversation-sql.js';
import { customerIdsOf, type ConversationOptions } from '../identity.js';
import { joinEdits, onlyMessageId } from '../same-message.js';
import type { CachedPeople, People } from './sqlite-people.js';
import { StoredSpellings, type Spelled } from './spelling-rows.js';

/** A change that belongs to a message. */
type MessageChange = Extract<ConversationChange, { table: 'messages' | 'edits' | 'reactions' }>;
/** Receives the merged rows. */
export interface SpellingsTarget {
  readonly put: (change: MessageChange) => unknown;
  /** Marks a conversation whose latest message may have changed. */
  readonly touch: (phoneNumberId: string, customerId: string) => void;
}

/** Rows of one conversation whose wamids contain the same token. */
interface Group {
  readonly phoneNumberId: string;
  /** Any ID of the person. It may belong to another thread at the end of the transaction. */
  readonly customerId: string;
  readonly token: string;
}
type FollowUp = Exclude<MessageChange, { table: 'messages' }>;
/**
 * Merges the rows of a message that Meta reported under several wamids. A transaction calls {@link Spellings.begin},
 * then {@link Spellings.write} for each change, and then {@link Spellings.finish}.
 */
export interface Spellings {
  begin(): void;
  /** Writes a change of a message, an edit or a reaction. */
  write(change: MessageChange): void;
  /** Records that an ID now belongs to another person. */
  moved(phoneNumberId: string, customerId: string, previous: string | undefined): void;
  /** Merges the rows that now belong together. */
  finish(): void;
  /** Returns the wamid under which a message is stored, for any of its wamids. */
  find(phoneNumberId: string, messageId: string): string;
  /** Registers rows of an earlier version of the mirror. */
  adopt(): void;
}

/**
 * Creates {@link Spellings} for the tables of the mirror.
 *
 * The tables of the mirror contain each message once. If a message has several wamids, `wa_spellings` contains its rows
 * as Meta reported them, so that the mirror can merge them again after each event. The result then doesn't depend on
 * the order of events. Most messages have one wamid and need only one index lookup.
 *
 * @param database - The database.
 * @param people - Finds the person for an ID.
 * @param cached - Finds the person for an ID, with a cache for one transaction.
 * @param options - How phone numbers are compared.
 * @param target - Receives the merged rows.
 */
export function spellingsOf(
  database: DatabaseSync,
  people: People,
  cached: CachedPeople,
  options: ConversationOptions,
  target: SpellingsTarget,
): Spellings {
  return new SqliteSpellings(database, people, cached, options, target);
}

class SqliteSpellings implements Spellings {
  readonly #people: People;
  readonly #cached: CachedPeople;
  readonly #options: ConversationOptions;
  readonly #target: SpellingsTarget;
  readonly #stored: StoredSpellings;
  #dirty = new Map<string, Group>();
  #quotes = new Map<string, readonly [phoneNumberId: string, messageId: string]>();
  /** For each ID: whether messages are stored, or else the messages of this transaction by their tokens. */
  #storedMessages = new Map<string, 'stored' | Map<string, Set<string>>>();
  #moves: (readonly [phoneNumberId: string, customerIds: readonly string[]])[] = [];

  constructor(database: DatabaseSync, people: People, cached: CachedPeople, options: ConversationOptions, target: SpellingsTarget) {
    this.#people = people;
    this.#cached = cached;
    this.#options = options;
    this.#target = target;
    this.#stored = new StoredSpellings(database);
  }

  begin(): void {
    this.#dirty = new Map();
    this.#quotes = new Map();
    this.#storedMessages = new Map();
    this.#moves = [];
  }

  write(change: MessageChange): void {
    if (change.table === 'messages') this.#writeMessage(change.row);
    else this.#writeFollowUp(change);
  }

  moved(phoneNumberId: string, customerId: string, previous: string | undefined): void {
    this.#moves.push([phoneNumberId, [customerId, ...(previous === undefined ? [] : [previous])]]);
  }

  finish(): void {
    for (const [phoneNumberId, customerIds] of this.#moves) this.#markMoved(phoneNumberId, customerIds);
    const groups = new Map<string, Group>();
    for (const group of this.#dirty.values()) {
      const { phoneNumberId, customerId, token } = group;
      groups.set(`${phoneNumberId}\n${this.#cached.threadId(phoneNumberId, customerId)}\n${token}`, group);
    }
    for (const group of groups.values()) this.#complete(group);
    // Collect all groups first: a message that leaves a conversation must not remove rows that another group has
    // written.
    for (const [group, rows] of [...groups.values()].map((group) => this.#collect(group))) this.#join(group, rows);
    for (const [phoneNumberId, messageId] of this.#quotes.values()) this.#resolveQuote(phoneNumberId, messageId);
  }

  find(phoneNumberId: string, messageId: string): string {
    const known = this.#stored.joined(phoneNumberId, messageId) ?? this.#stored.exact(phoneNumberId, messageId);
    if (known !== undefined) return known;
    const customerId = this.#peerOf(messageId);
    return (customerId === undefined ? undefined : this.#findIn(phoneNumberId, customerId, messageId)) ?? messageId;
  }

  adopt(): void {
    // Read all rows first because writing changes the tables.
    for (const change of [...this.#stored.earlierRows()]) this.write(change);
    for (const { phoneNumberId, customerId, token } of this.#stored.doubles()) this.#markDirty(phoneNumberId, customerId, token);
  }

  #markDirty(phoneNumberId: string, customerId: string, token: string): void {
    this.#dirty.set(`${phoneNumberId}\n${customerId}\n${token}`, { phoneNumberId, customerId, token });
  }

  #markQuote(phoneNumberId: string, messageId: string): void {
    this.#quotes.set(`${phoneNumberId}\n${messageId}`, [phoneNumberId, messageId]);
  }

  #spell(customerId: string, token: string, spelled: Spelled): void {
    const { phoneNumberId } = spelled.row;
    const previous = this.#stored.put(customerId, token, spelled);
    // The row belonged to another conversation, or to one that is later merged with this one.
    if (previous !== undefined && previous !== customerId) {
      this.#markDirty(phoneNumberId, previous, token);
      this.#markDirty(phoneNumberId, customerId, token);
    }
  }

  #membersOf({ phoneNumberId, customerId }: Omit<Group, 'token'>): readonly string[] {
    return this.#cached.members(phoneNumberId, this.#cached.threadId(phoneNumberId, customerId));
  }

  /** Whether the conversation has the token under another wamid, or rows without their message. */
  #isShared(group: Group, messageId: string, isKnown: boolean): boolean {
    const { phoneNumberId, token } = group;
    return this.#membersOf(group).some(
      (id) =>
        (isKnown && this.#stored.isSpelled(phoneNumberId, id, token, messageId)) || this.#hasOther(phoneNumberId, id, token, messageId),
    );
  }

  /** Whether a message with the token is stored under another wamid. Only IDs with earlier messages need a look-up. */
  #hasOther(phoneNumberId: string, customerId: string, token: string, messageId: string): boolean {
    const known = this.#messagesUnder(phoneNumberId, customerId);
    if (known === 'stored') return this.#stored.hasOther(phoneNumberId, customerId, token, messageId);
    const ids = known.get(token);
    return ids !== undefined && (ids.size > 1 || !ids.has(messageId));
  }

  #messagesUnder(phoneNumberId: string, customerId: string): 'stored' | Map<string, Set<string>> {
    const key = `${phoneNumberId}\n${customerId}`;
    let known = this.#storedMessages.get(key);
    if (known === undefined) {
      known = this.#stored.hasMessages(phoneNumberId, customerId) ? 'stored' : new Map<string, Set<string>>();
      this.#storedMessages.set(key, known);
    }
    return known;
  }

  #noteMessage({ phoneNumberId, customerId, token }: Group, messageId: string): void {
    const known = this.#messagesUnder(phoneNumberId, customerId);
    if (known === 'stored') return;
    const ids = known.get(token);
    if (ids) ids.add(messageId);
    else known.set(token, new Set([messageId]));
  }

  #writeMessage(row: MessageRow): void {
    const { phoneNumberId, messageId, token } = row;
    const isKnown = token !== undefined && this.#stored.isKnown(phoneNumberId, token);
    const joinedCustomer = isKnown ? this.#stored.customerOf(phoneNumberId, messageId) : undefined;
    const customerId = row.customerId === undefined ? (joinedCustomer ?? this.#peerOf(messageId)) : cleanText(row.customerId);
    const answered = row.answers === undefined ? undefined : messageToken(row.answers);
    if (customerId !== undefined && answered !== undefined) {
      this.#spell(customerId, answered, {
        table: 'answers',
        row: { phoneNumberId, messageId, answers: row.answers, contentRank: row.contentRank },
      });
      this.#markQuote(phoneNumberId, messageId);
    }
    if (customerId === undefined || token === undefined) {
      this.#target.put({ table: 'messages', row });
      return;
    }
    const group = { phoneNumberId, customerId, token };
    const isSharedMessage = this.#isShared(group, messageId, isKnown);
    this.#noteMessage(group, messageId);
    // A row without a person is found only by its exact wamid.
    if (row.customerId !== undefined && joinedCustomer === undefined && !isSharedMessage) {
      this.#target.put({ table: 'messages', row });
      return;
    }
    this.#adoptMessages(group);
    // The same wamid may be stored in a conversation that is later merged with this one.
    const stray = this.#stored.joined(phoneNumberId, messageId) === undefined ? this.#stored.message(phoneNumberId, messageId) : undefined;
    if (stray) this.#spell(stray.customerId ?? customerId, token, { table: 'messages', row: stray });
    this.#spell(customerId, token, { table: 'messages', row });
    this.#markDirty(phoneNumberId, customerId, token);
  }

  #writeFollowUp(change: FollowUp): void {
    const { row } = change;
    const { phoneNumberId, messageId = '' } = row;
    const token = messageToken(messageId);
    const isKnown = token !== undefined && this.#stored.isKnown(phoneNumberId, token);
    const joinedCustomer = isKnown ? this.#stored.customerOf(phoneNumberId, messageId) : undefined;
    const customerId = joinedCustomer ?? (row.customerId === undefined ? this.#peerOf(messageId) : cleanText(row.customerId));
    if (customerId === undefined || token === undefined) {
      this.#target.put(change);
      return;
    }
    const isOther = joinedCustomer !== undefined || this.#isShared({ phoneNumberId, customerId, token }, messageId, isKnown);
    this.#spell(customerId, token, change);
    // Copies of an edit have their own wamids, so edits of one message are always compared.
    if (isOther || change.table === 'edits') this.#markDirty(phoneNumberId, customerId, token);
    this.#target.put(change);
  }

  /** Returns the person in a wamid, for rows without a person. */
  #peerOf(messageId: string): string | undefined {
    const [customerId] = customerIdsOf({ waId: parseMessageId(messageId)?.peer }, this.#options);
    return customerId === undefined ? undefined : cleanText(customerId);
  }

  /** Adds the messages of a group that had one wamid before. */
  #adoptMessages(group: Group): void {
    const { phoneNumberId, token } = group;
    for (const id of this.#membersOf(group)) {
      for (const row of this.#stored.messages(phoneNumberId, id, token)) {
        if (this.#stored.joined(phoneNumberId, row.messageId) === undefined) this.#spell(id, token, { table: 'messages', row });
      }
    }
  }

  /** Adds rows that belong to a group but were written before this was known. */
  #complete(group: Group): void {
    const { phoneNumberId, token } = group;
    this.#adoptMessages(group);
    const ids = this.#membersOf(group);
    // The exact wamid outranks the conversation, which may later be merged with this one.
    for (const { table, row } of ids.flatMap((id) => this.#stored.rows(phoneNumberId, id, token))) {
      if (table !== 'messages') continue;
      for (const [owner, followUp] of this.#stored.followUps(phoneNumberId, row.messageId)) {
        if (!ids.includes(owner)) this.#spell(group.customerId, token, followUp);
      }
    }
  }

  /** Removes the rows of a group from the tables. */
  #collect(group: Group): readonly [Group, readonly Spelled[]] {
    const { phoneNumberId, token } = group;
    const rows = this.#membersOf(group).flatMap((id) => this.#stored.rows(phoneNumberId, id, token));
    for (const { table, row } of rows) {
      if (table === 'messages') {
        const customerId = this.#stored.removeMessage(phoneNumberId, row.messageId);
        if (customerId !== undefined) this.#target.touch(phoneNumberId, customerId);
      }
      if (table === 'messages' || table === 'reactions') this.#stored.removeReactions(phoneNumberId, row.messageId);
      if (table === 'edits') this.#stored.removeEdit(phoneNumberId, row.editId);
    }
    return [group, rows];
  }

  /** Inserts the rows again, each message once. */
  #join({ phoneNumberId, token }: Group, rows: readonly Spelled[]): void {
    const messages = rows.flatMap(({ table, row }) => (table === 'messages' ? [row] : []));
    const edits = rows.flatMap(({ table, row }) => (table === 'edits' ? [row] : []));
    const reactions = rows.flatMap(({ table, row }) => (table === 'reactions' ? [row] : []));
    const only = onlyMessageId(messages);
    const idOf = (messageId: string): string => only ?? messageId;

    for (const row of messages) {
      this.#stored.setJoined(phoneNumberId, row.messageId, idOf(row.messageId));
      this.#target.put({ table: 'messages', row: { ...row, messageId: idOf(row.messageId) } });
      this.#markQuote(phoneNumberId, row.messageId);
      if (row.customerId !== undefined) this.#target.touch(phoneNumberId, cleanText(row.customerId));
    }
    const editsByMessage = new Map<string, EditRow[]>();
    for (const edit of edits) {
      const messageId = idOf(edit.messageId ?? '');
      editsByMessage.set(messageId, [...(editsByMessage.get(messageId) ?? []), { ...edit, messageId }]);
    }
    for (const row of [...editsByMessage.values()].flatMap(joinEdits)) this.#target.put({ table: 'edits', row });
    for (const row of reactions) this.#target.put({ table: 'reactions', row: { ...row, messageId: idOf(row.messageId) } });
    // A quote with the exact wamid can be in another conversation, for example after a number was recycled.
    for (const messageId of this.#stored.quotesOf(phoneNumberId, token)) this.#markQuote(phoneNumberId, messageId);
  }

  /** Updates a quote to the stored message. */
  #resolveQuote(phoneNumberId: string, messageId: string): void {
    const quote = this.#stored.quote(phoneNumberId, messageId);
    if (!quote) return;
    const joined = this.#stored.joined(phoneNumberId, messageId);
    const token = messageToken(messageId);
    const spelled =
      joined === undefined || token === undefined
        ? [messageId]
        : this.#membersOf({ phoneNumberId, customerId: quote.customerId }).flatMap((id) =>
            this.#stored.spellingsOf(phoneNumberId, id, token, joined),
          );
    // The spellings of a quote may quote several spellings. The choice must not depend on their order of arrival.
    const quotes = spelled.flatMap((one) => this.#stored.quote(phoneNumberId, one) ?? []);
    const found = quotes.flatMap(({ customerId, answers }) => this.#findIn(phoneNumberId, customerId, answers) ?? []);
    const [answers = quote.answers] = (found.length > 0 ? found : quotes.map((one) => one.answers)).sort();
    this.#stored.setAnswers(phoneNumberId, joined ?? messageId, answers);
  }

  #findIn(phoneNumberId: string, customerId: string, messageId: string): string | undefined {
    const known = this.#stored.joined(phoneNumberId, messageId) ?? this.#stored.exact(phoneNumberId, messageId);
    const token = messageToken(messageId);
    if (known !== undefined || token === undefined) return known;
    const threadId = this.#people.threadId(phoneNumberId, customerId);
    const ids = new Set(
      this.#people
        .members(phoneNumberId, threadId)
        .flatMap((id) => this.#stored.messages(phoneNumberId, id, token).map((row) => row.messageId)),
    );
    return ids.size === 1 ? [...ids][0] : undefined;
  }

  /** Conversations were merged or split, so their messages with several wamids may have to be merged or split. */
  #markMoved(phoneNumberId: string, customerIds: readonly string[]): void {
    const tokens = new Set<string>();
    for (const customerId of customerIds) {
      const ids = this.#membersOf({ phoneNumberId, customerId });
      for (const id of ids) {
        for (const token of this.#stored.tokens(phoneNumberId, id)) tokens.add(token);
        // The quoted message may have joined the conversation or left it.
        for (const messageId of this.#stored.quotes(phoneNumberId, id)) this.#markQuote(phoneNumberId, messageId);
      }
      const withMessages = ids.filter((id) => this.#stored.hasMessages(phoneNumberId, id));
      for (const one of withMessages) {
        for (const other of withMessages) {
          if (one < other) for (const token of this.#stored.shared(phoneNumberId, one, other)) tokens.add(token);
        }
      }
    }
    for (const customerId of customerIds) for (const token of tokens) this.#markDirty(phoneNumberId, customerId, token);
  }
}
