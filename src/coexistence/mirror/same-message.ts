import { messageToken, sameMessage } from '../../identity/message-id.js';
import type { EditRow, MessageRow } from './conversation-rows.js';
import { mergeConversationRow } from './merge-row.js';
import { contentRanks, originRanks } from './ranks.js';

/** The stored rows of one message, or of several messages whose wamids contain the same token. */
export interface SpelledRows {
  readonly messages: readonly MessageRow[];
  readonly edits: readonly EditRow[];
}

/**
 * Returns the wamid that represents all wamids of one conversation with the same token.
 *
 * Quotes, edits, reactions, deletions and statuses belong to the only message with their token. Two copies of a message
 * (a live one and one of the history) are one message if they don't contradict each other. Otherwise there are several
 * messages. The function never merges on a guess.
 *
 * @param messages - Rows of one conversation whose wamids contain the same token.
 * @returns the wamid, or `undefined` if there is no message or more than one
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
 * Merges the edits of one message that arrived under several wamids: edits with the same token, time and text.
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

/** Whether a row contains the message itself, and not only its statuses or edits. */
function isCopy({ originRank = 0, contentRank }: MessageRow): boolean {
  return contentRank !== undefined || originRank >= originRanks.historyMedia;
}

/** Sorts the most reliable copy first. Callers know the wamids of their sends and of live messages. */
function byKnowledge(left: MessageRow, right: MessageRow): number {
  return (
    (right.contentRank ?? 0) - (left.contentRank ?? 0) ||
    (right.originRank ?? 0) - (left.originRank ?? 0) ||
    compare(left.messageId, right.messageId)
  );
}

/** Whether two copies belong to one message, according to their wamids, directions, times and texts. */
function isSame(one: MessageRow, other: MessageRow): boolean {
  if (one.direction !== undefined && other.direction !== undefined && one.direction !== other.direction) return false;
  const areFromMeta = isFromMeta(one) && isFromMeta(other);
  const hasOtherContent = hasOtherText(one, other) || (areFromMeta && hasOtherType(one, other));
  if (areFromMeta && !hasOtherTime(one, other)) return !hasOtherContent || sameMessage(one.messageId, other.messageId);
  return !hasOtherContent && sameMessage(one.messageId, other.messageId);
}

/** Times of our own sends come from another clock. */
function isFromMeta({ contentRank }: MessageRow): boolean {
  return contentRank !== undefined && contentRank !== contentRanks.sent;
}

function hasOtherTime({ occurredAt: one }: MessageRow, { occurredAt: other }: MessageRow): boolean {
  return one !== undefined && other !== undefined && one.getTime() !== other.getTime();
}

function hasOtherText({ type: oneType, text: one }: MessageRow, { type: otherType, text: other }: MessageRow): boolean {
  return one !== undefined && other !== undefined && (oneType !== otherType || one.trim() !== other.trim());
}

/** Placeholders and stubs have their own types. */
function hasOtherType(one: MessageRow, other: MessageRow): boolean {
  return [one, other].every(({ contentRank = 0 }) => contentRank >= contentRanks.history) && one.type !== other.type;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
