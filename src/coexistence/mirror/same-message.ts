import { messageToken, sameMessage } from '../../identity/message-id.js';
import type { EditRow, MessageRow } from './conversation-rows.js';
import { mergeConversationRow } from './merge-row.js';
import { contentRanks, originRanks } from './ranks.js';

/** What is stored about one message of a conversation, or about several whose wamids contain the same token, under each wamid. */
export interface SpelledRows {
  readonly messages: readonly MessageRow[];
  readonly edits: readonly EditRow[];
}

/**
 * Decides which wamid stands for all the wamids of one conversation with the same token.
 *
 * Quotes, edits, reactions, deletions and statuses belong to the only message with their token. Two copies of a message (a live one and one of
 * the history) are one message if nothing contradicts. In every other case there are several messages, and nothing is joined on a guess.
 *
 * @param messages - Rows of one conversation whose wamids contain the same token.
 * @returns `undefined` if there is no message, or more than one.
 */
export function onlyMessageId(messages: readonly MessageRow[]): string | undefined {
  const copies = messages.filter(isCopy);
  const candidates = copies.length > 0 ? copies : messages;
  const [first, ...others] = [...candidates].sort(byKnowledge);
  if (!first) return undefined;
  const isOne = candidates.every((one, index) => candidates.slice(index + 1).every((other) => isSame(one, other)));
  return isOne || others.length === 0 ? first.messageId : undefined;
}

/**
 * Joins the edits of one message that arrived under several wamids.
 *
 * @param edits - All edits of one message.
 */
export function joinEdits(edits: readonly EditRow[]): readonly EditRow[] {
  const byToken = new Map<string, EditRow[]>();
  for (const edit of edits) {
    const key = messageToken(edit.editId) ?? `\n${edit.editId}`;
    byToken.set(key, [...(byToken.get(key) ?? []), edit]);
  }
  return [...byToken.values()].flatMap((copies) => {
    const [first, ...others] = [...copies].sort((left, right) => compare(left.editId, right.editId));
    if (!first || !copies.every((one, index) => copies.slice(index + 1).every((other) => isSameEdit(one, other)))) {
      return copies;
    }
    return [
      others.reduce<EditRow>(
        (joined, { editId: _spelling, ...copy }) => mergeConversationRow('edits', joined, { ...copy, editId: first.editId }),
        first,
      ),
    ];
  });
}

function isSameEdit(one: EditRow, other: EditRow): boolean {
  if (!sameMessage(one.editId, other.editId)) return false;
  return one.editedAt?.getTime() === other.editedAt?.getTime() || one.editedText === other.editedText;
}

/** Whether a row contains the message itself, or only what happened to it. */
function isCopy({ originRank = 0, contentRank }: MessageRow): boolean {
  return contentRank !== undefined || originRank >= originRanks.historyMedia;
}

/** The copy that is known best first. Callers know the wamid of what they sent, and of what arrived live. */
function byKnowledge(left: MessageRow, right: MessageRow): number {
  return (
    (right.contentRank ?? 0) - (left.contentRank ?? 0) ||
    (right.originRank ?? 0) - (left.originRank ?? 0) ||
    compare(left.messageId, right.messageId)
  );
}

/** Whether two copies are of one message, as far as their wamids, their direction, their time and their text can show. */
function isSame(one: MessageRow, other: MessageRow): boolean {
  if (!sameMessage(one.messageId, other.messageId)) return false;
  if (one.direction !== undefined && other.direction !== undefined && one.direction !== other.direction) return false;
  if (!hasOtherText(one, other) && !(isFromMeta(one) && isFromMeta(other) && hasOtherType(one, other))) return true;
  return isFromMeta(one) && isFromMeta(other) && !hasOtherTime(one, other);
}

/** Times of our own sends are from another clock. */
function isFromMeta({ contentRank }: MessageRow): boolean {
  return contentRank !== undefined && contentRank !== contentRanks.sent;
}

function hasOtherTime({ occurredAt: one }: MessageRow, { occurredAt: other }: MessageRow): boolean {
  return one !== undefined && other !== undefined && one.getTime() !== other.getTime();
}

function hasOtherText({ type: oneType, text: one }: MessageRow, { type: otherType, text: other }: MessageRow): boolean {
  return one !== undefined && other !== undefined && (oneType !== otherType || one.trim() !== other.trim());
}

/** Placeholders and stubs have types of their own. */
function hasOtherType(one: MessageRow, other: MessageRow): boolean {
  return [one, other].every(({ contentRank = 0 }) => contentRank >= contentRanks.history) && one.type !== other.type;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
