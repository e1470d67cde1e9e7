import type { MessageRow } from '../conversation-rows.js';
import type { MessageReaction, MirroredMessage } from '../sqlite/mirror.js';

/**
 * Returns a member with a time, if there is one. 1970 means no time.
 *
 * @param name - The name of the member.
 * @param time - The time.
 */
export function timed<Name extends string>(name: Name, time: Date | undefined): Partial<Record<Name, Date>> {
  // The member has the name of the type.
  return time && time.getTime() > 0 ? ({ [name]: time } as Record<Name, Date>) : {};
}

/**
 * Converts a stored message to the message as both sides see it.
 *
 * @param row - The row, after all spellings were merged.
 * @param threadId - The conversation, if it is known.
 * @param reactions - The reactions of both sides.
 */
export function viewOf(row: MessageRow, threadId: string | undefined, reactions: readonly MessageReaction[]): MirroredMessage {
  const { phoneNumberId, messageId, direction, author, type, content, answers, media, status, statusError, edited } = row;
  const text = edited ? row.editedText : row.text;
  const current = edited ?? content;
  return {
    phoneNumberId,
    messageId,
    ...(threadId !== undefined && { threadId }),
    ...(direction && { direction }),
    ...(author && { author }),
    ...timed('occurredAt', row.occurredAt),
    ...(type !== undefined && { type }),
    ...(text !== undefined && { text }),
    ...(current && { content: current }),
    ...(edited && content && { original: content }),
    ...timed('editedAt', row.editedAt),
    ...(row.revokedAt && { revokedAt: row.revokedAt }),
    ...(answers !== undefined && { answers }),
    ...(media && { media }),
    ...(status !== undefined && { status }),
    ...timed('statusAt', row.statusAt),
    ...(statusError && { statusError }),
    reactions,
  };
}
