import type { MirroredEdit, MirroredMessage } from 'wa-coexist/sqlite';

/** A message as the inbox shows it, on the page and in the terminal. */
export interface Line {
  /** `them` for the customer, `us` for both the app and the API. */
  readonly side: 'them' | 'us';
  readonly from: string;
  readonly at?: Date;
  readonly text: string;
  /** What it said before, what was thrown at it, how far it got. */
  readonly notes: readonly string[];
}

/** What both sides see of a message. */
export function lineOf(message: MirroredMessage, edits: readonly MirroredEdit[], customer: string): Line {
  const { author, occurredAt, revokedAt, editedAt, original, status, reactions } = message;
  const from = author === 'customer' ? customer : author === 'app' ? 'app' : author === 'api' ? 'API' : 'unknown';
  const before = original?.type === 'text' ? original.text.body : undefined;
  const notes = [
    ...(editedAt && before !== undefined
      ? [`edited ${edits.length === 1 ? 'once' : `${String(edits.length)} times`}, was: ${before}`]
      : []),
    ...reactions.map(({ reactor, emoji }) => `${emoji} from ${reactor === 'customer' ? customer : 'us'}`),
    ...(author === 'api' && status !== undefined ? [status] : []),
  ];
  // What was deleted is still in the file: an inbox shows it to nobody.
  const text = revokedAt ? '(deleted)' : (message.text ?? `(${message.type ?? 'not here yet'})`);
  return { side: author === 'customer' ? 'them' : 'us', from, ...(occurredAt && { at: occurredAt }), text, notes: revokedAt ? [] : notes };
}
