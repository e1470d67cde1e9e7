import type { DatabaseSync } from 'node:sqlite';
import { messageToken, parseMessageId } from '../../../identity/message-id.js';
import type { ConversationChange, EditRow, MessageRow } from '../conversation-rows.js';
import { cleanText } from '../conversation-sql.js';
import { customerIdsOf, type ConversationOptions } from '../identity.js';
import { joinEdits, onlyMessageId } from '../same-message.js';
import type { CachedPeople, People } from './sqlite-people.js';
import { preparedSpellings, type Spelled } from './spelling-rows.js';

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
  readonly find: (phoneNumberId: string, messageId: string) => string;
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
  { put, touch }: SpellingsTarget,
): Spellings {
  const stored = preparedSpellings(database);
  let dirty = new Map<string, Group>();
  let quotes = new Map<string, readonly [phoneNumberId: string, messageId: string]>();
  /** For each ID: whether messages are stored, or else the messages of this transaction by their tokens. */
  let storedMessages = new Map<string, 'stored' | Map<string, Set<string>>>();
  let moves: (readonly [phoneNumberId: string, customerIds: readonly string[]])[] = [];

  const markDirty = (phoneNumberId: string, customerId: string, token: string): void => {
    dirty.set(`${phoneNumberId}\n${customerId}\n${token}`, { phoneNumberId, customerId, token });
  };
  const markQuote = (phoneNumberId: string, messageId: string): void => {
    quotes.set(`${phoneNumberId}\n${messageId}`, [phoneNumberId, messageId]);
  };
  const spell = (customerId: string, token: string, spelled: Spelled): void => {
    const { phoneNumberId } = spelled.row;
    const previous = stored.put(customerId, token, spelled);
    // The row belonged to another conversation, or to one that is later merged with this one.
    if (previous !== undefined && previous !== customerId) {
      markDirty(phoneNumberId, previous, token);
      markDirty(phoneNumberId, customerId, token);
    }
  };
  const membersOf = ({ phoneNumberId, customerId }: Omit<Group, 'token'>): readonly string[] =>
    cached.members(phoneNumberId, cached.threadId(phoneNumberId, customerId));
  /** Whether the conversation has the token under another wamid, or rows without their message. */
  const isShared = (group: Group, messageId: string, isKnown: boolean): boolean => {
    const { phoneNumberId, token } = group;
    return membersOf(group).some(
      (id) => (isKnown && stored.isSpelled(phoneNumberId, id, token, messageId)) || hasOther(phoneNumberId, id, token, messageId),
    );
  };
  /** Whether a message with the token is stored under another wamid. Only IDs with earlier messages need a look-up. */
  const hasOther = (phoneNumberId: string, customerId: string, token: string, messageId: string): boolean => {
    const known = messagesUnder(phoneNumberId, customerId);
    if (known === 'stored') return stored.hasOther(phoneNumberId, customerId, token, messageId);
    const ids = known.get(token);
    return ids !== undefined && (ids.size > 1 || !ids.has(messageId));
  };
  const messagesUnder = (phoneNumberId: string, customerId: string): 'stored' | Map<string, Set<string>> => {
    const key = `${phoneNumberId}\n${customerId}`;
    let known = storedMessages.get(key);
    if (known === undefined) {
      known = stored.hasMessages(phoneNumberId, customerId) ? 'stored' : new Map<string, Set<string>>();
      storedMessages.set(key, known);
    }
    return known;
  };
  const noteMessage = ({ phoneNumberId, customerId, token }: Group, messageId: string): void => {
    const known = messagesUnder(phoneNumberId, customerId);
    if (known === 'stored') return;
    const ids = known.get(token);
    if (ids) ids.add(messageId);
    else known.set(token, new Set([messageId]));
  };
  const writeMessage = (row: MessageRow): void => {
    const { phoneNumberId, messageId, token } = row;
    const isKnown = token !== undefined && stored.isKnown(phoneNumberId, token);
    const joinedCustomer = isKnown ? stored.customerOf(phoneNumberId, messageId) : undefined;
    const customerId = row.customerId === undefined ? (joinedCustomer ?? peerOf(messageId)) : cleanText(row.customerId);
    const answered = row.answers === undefined ? undefined : messageToken(row.answers);
    if (customerId !== undefined && answered !== undefined) {
      spell(customerId, answered, {
        table: 'answers',
        row: { phoneNumberId, messageId, answers: row.answers, contentRank: row.contentRank },
      });
      markQuote(phoneNumberId, messageId);
    }
    if (customerId === undefined || token === undefined) {
      put({ table: 'messages', row });
      return;
    }
    const group = { phoneNumberId, customerId, token };
    const isSharedMessage = isShared(group, messageId, isKnown);
    noteMessage(group, messageId);
    // A row without a person is found only by its exact wamid.
    if (row.customerId !== undefined && joinedCustomer === undefined && !isSharedMessage) {
      put({ table: 'messages', row });
      return;
    }
    adoptMessages(group);
    // The same wamid may be stored in a conversation that is later merged with this one.
    const stray = stored.joined(phoneNumberId, messageId) === undefined ? stored.message(phoneNumberId, messageId) : undefined;
    if (stray) spell(stray.customerId ?? customerId, token, { table: 'messages', row: stray });
    spell(customerId, token, { table: 'messages', row });
    markDirty(phoneNumberId, customerId, token);
  };
  const writeFollowUp = (change: FollowUp): void => {
    const { row } = change;
    const { phoneNumberId, messageId = '' } = row;
    const token = messageToken(messageId);
    const isKnown = token !== undefined && stored.isKnown(phoneNumberId, token);
    const joinedCustomer = isKnown ? stored.customerOf(phoneNumberId, messageId) : undefined;
    const customerId = joinedCustomer ?? (row.customerId === undefined ? peerOf(messageId) : cleanText(row.customerId));
    if (customerId === undefined || token === undefined) {
      put(change);
      return;
    }
    const isOther = joinedCustomer !== undefined || isShared({ phoneNumberId, customerId, token }, messageId, isKnown);
    spell(customerId, token, change);
    // Copies of an edit have their own wamids, so edits of one message are always compared.
    if (isOther || change.table === 'edits') markDirty(phoneNumberId, customerId, token);
    put(change);
  };

  /** Returns the person in a wamid, for rows without a person. */
  const peerOf = (messageId: string): string | undefined => {
    const [customerId] = customerIdsOf({ waId: parseMessageId(messageId)?.peer }, options);
    return customerId === undefined ? undefined : cleanText(customerId);
  };
  /** Adds the messages of a group that had one wamid before. */
  const adoptMessages = (group: Group): void => {
    const { phoneNumberId, token } = group;
    for (const id of membersOf(group)) {
      for (const row of stored.messages(phoneNumberId, id, token)) {
        if (stored.joined(phoneNumberId, row.messageId) === undefined) spell(id, token, { table: 'messages', row });
      }
    }
  };

  /** Adds rows that belong to a group but were written before this was known. */
  const complete = (group: Group): void => {
    const { phoneNumberId, token } = group;
    adoptMessages(group);
    const ids = membersOf(group);
    // The exact wamid outranks the conversation, which may later be merged with this one.
    for (const { table, row } of ids.flatMap((id) => stored.rows(phoneNumberId, id, token))) {
      if (table !== 'messages') continue;
      for (const [owner, followUp] of stored.followUps(phoneNumberId, row.messageId)) {
        if (!ids.includes(owner)) spell(group.customerId, token, followUp);
      }
    }
  };
  /** Removes the rows of a group from the tables. */
  const collect = (group: Group): readonly [Group, readonly Spelled[]] => {
    const { phoneNumberId, token } = group;
    const rows = membersOf(group).flatMap((id) => stored.rows(phoneNumberId, id, token));
    for (const { table, row } of rows) {
      if (table === 'messages') {
        const customerId = stored.removeMessage(phoneNumberId, row.messageId);
        if (customerId !== undefined) touch(phoneNumberId, customerId);
      }
      if (table === 'messages' || table === 'reactions') stored.removeReactions(phoneNumberId, row.messageId);
      if (table === 'edits') stored.removeEdit(phoneNumberId, row.editId);
    }
    return [group, rows];
  };
  /** Inserts the rows again, each message once. */
  const join = ({ phoneNumberId, token }: Group, rows: readonly Spelled[]): void => {
    const messages = rows.flatMap(({ table, row }) => (table === 'messages' ? [row] : []));
    const edits = rows.flatMap(({ table, row }) => (table === 'edits' ? [row] : []));
    const reactions = rows.flatMap(({ table, row }) => (table === 'reactions' ? [row] : []));
    const only = onlyMessageId(messages);
    const idOf = (messageId: string): string => only ?? messageId;

    for (const row of messages) {
      stored.setJoined(phoneNumberId, row.messageId, idOf(row.messageId));
      put({ table: 'messages', row: { ...row, messageId: idOf(row.messageId) } });
      markQuote(phoneNumberId, row.messageId);
      if (row.customerId !== undefined) touch(phoneNumberId, cleanText(row.customerId));
    }
    const editsByMessage = new Map<string, EditRow[]>();
    for (const edit of edits) {
      const messageId = idOf(edit.messageId ?? '');
      editsByMessage.set(messageId, [...(editsByMessage.get(messageId) ?? []), { ...edit, messageId }]);
    }
    for (const row of [...editsByMessage.values()].flatMap(joinEdits)) put({ table: 'edits', row });
    for (const row of reactions) put({ table: 'reactions', row: { ...row, messageId: idOf(row.messageId) } });
    // A quote with the exact wamid can be in another conversation, for example after a number was recycled.
    for (const messageId of stored.quotesOf(phoneNumberId, token)) markQuote(phoneNumberId, messageId);
  };

  /** Updates a quote to the stored message. */
  const resolveQuote = (phoneNumberId: string, messageId: string): void => {
    const quote = stored.quote(phoneNumberId, messageId);
    if (!quote) return;
    const joined = stored.joined(phoneNumberId, messageId);
    const token = messageToken(messageId);
    const spelled =
      joined === undefined || token === undefined
        ? [messageId]
        : membersOf({ phoneNumberId, customerId: quote.customerId }).flatMap((id) => stored.spellingsOf(phoneNumberId, id, token, joined));
    // The spellings of a quote may quote several spellings. The choice must not depend on their order of arrival.
    const quotes = spelled.flatMap((one) => stored.quote(phoneNumberId, one) ?? []);
    const found = quotes.flatMap(({ customerId, answers }) => findIn(phoneNumberId, customerId, answers) ?? []);
    const [answers = quote.answers] = (found.length > 0 ? found : quotes.map((one) => one.answers)).sort();
    stored.setAnswers(phoneNumberId, joined ?? messageId, answers);
  };
  const findIn = (phoneNumberId: string, customerId: string, messageId: string): string | undefined => {
    const known = stored.joined(phoneNumberId, messageId) ?? stored.exact(phoneNumberId, messageId);
    const token = messageToken(messageId);
    if (known !== undefined || token === undefined) return known;
    const threadId = people.threadId(phoneNumberId, customerId);
    const ids = new Set(
      people.members(phoneNumberId, threadId).flatMap((id) => stored.messages(phoneNumberId, id, token).map((row) => row.messageId)),
    );
    return ids.size === 1 ? [...ids][0] : undefined;
  };
  /** Conversations were merged or split, so their messages with several wamids may have to be merged or split. */
  const markMoved = (phoneNumberId: string, customerIds: readonly string[]): void => {
    const tokens = new Set<string>();
    for (const customerId of customerIds) {
      const ids = membersOf({ phoneNumberId, customerId });
      for (const id of ids) {
        for (const token of stored.tokens(phoneNumberId, id)) tokens.add(token);
        // The quoted message may have joined the conversation or left it.
        for (const messageId of stored.quotes(phoneNumberId, id)) markQuote(phoneNumberId, messageId);
      }
      const withMessages = ids.filter((id) => stored.hasMessages(phoneNumberId, id));
      for (const one of withMessages) {
        for (const other of withMessages) {
          if (one < other) for (const token of stored.shared(phoneNumberId, one, other)) tokens.add(token);
        }
      }
    }
    for (const customerId of customerIds) for (const token of tokens) markDirty(phoneNumberId, customerId, token);
  };

  return {
    begin() {
      dirty = new Map();
      quotes = new Map();
      storedMessages = new Map();
      moves = [];
    },
    write(change) {
      if (change.table === 'messages') writeMessage(change.row);
      else writeFollowUp(change);
    },
    moved(phoneNumberId, customerId, previous) {
      moves.push([phoneNumberId, [customerId, ...(previous === undefined ? [] : [previous])]]);
    },
    finish() {
      for (const [phoneNumberId, customerIds] of moves) markMoved(phoneNumberId, customerIds);
      const groups = new Map<string, Group>();
      for (const group of dirty.values()) {
        const { phoneNumberId, customerId, token } = group;
        groups.set(`${phoneNumberId}\n${cached.threadId(phoneNumberId, customerId)}\n${token}`, group);
      }
      for (const group of groups.values()) complete(group);
      // Collect all groups first: a message that leaves a conversation must not remove rows that another group has
      // written.
      for (const [group, rows] of [...groups.values()].map(collect)) join(group, rows);
      for (const [phoneNumberId, messageId] of quotes.values()) resolveQuote(phoneNumberId, messageId);
    },
    find: (phoneNumberId, messageId) => {
      const known = stored.joined(phoneNumberId, messageId) ?? stored.exact(phoneNumberId, messageId);
      if (known !== undefined) return known;
      const customerId = peerOf(messageId);
      return (customerId === undefined ? undefined : findIn(phoneNumberId, customerId, messageId)) ?? messageId;
    },
    adopt() {
      // Read all rows first because writing changes the tables.
      for (const change of [...stored.earlierRows()]) this.write(change);
      for (const { phoneNumberId, customerId, token } of stored.doubles()) markDirty(phoneNumberId, customerId, token);
    },
  };
}
