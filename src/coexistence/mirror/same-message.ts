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
 * Joins the edits of one message that arrived under several wamids: those with the same token, the same time and the same text.
 *
 * @param edits - All edits of one message.
 */
export function joinEdits(edits: readonly EditRow[]): readonly EditRow[] {
  const joined = new Map<string, EditRow>();
  for (const edit of [...edits].sort((left, right) => compare(left.editId, right.editId))) {
    const { editId, editedAt, editedText } = edit;
    const key = JSON.stringify([messageToken(editId) ?? `\n${editId}`, editedAt, editedText]);
    const first = joined.get(key);
    joined.set(key, first ? mergeConversationRow('edits', first, { ...edit, editId: first.editId }) : edit);
  }
  return [...joined.values()];
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
  if (one.direction !== undefined && other.direction !== undefined && one.direction !== other.direction) return false;
  const areFromMeta = isFromMeta(one) && isFromMeta(other);
  const hasOtherContent = hasOtherText(one, other) || (areFromMeta && hasOtherType(one, other));
  if (areFromMeta && !hasOtherTime(one, other)) return !hasOtherContent || sameMessage(one.messageId, other.messageId);
  return !hasOtherContent && sameMessage(one.messageId, other.messageId);
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
