import type { WhatsAppError } from '../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import type { Priority } from './priority.js';

/** What a guard is told of a message beside the message itself. */
export interface SendGuardContext {
  /** Graph id of the number that sends it. */
  readonly phoneNumberId: string;
  /** The caller's key of the send. */
  readonly key?: string;
  /** The campaign that it belongs to. */
  readonly campaignId?: string;
  readonly priority: Priority;
  /** What kind of template it is, as far as the caller says. */
  readonly category?: MessageCategory;
}

/**
 * What kind of template a message is: Meta keeps people's choice on marketing messages, and what is not said to be marketing is not taken
 * for it. A template of a campaign is, unless its `category` says otherwise.
 */
export type MessageCategory = 'marketing' | 'utility' | 'authentication';

/**
 * What a guard says of a message.
 *
 * - `pass`: it may go out.
 * - `hold`: not yet. It is set aside, holds up nobody, and the guard is asked again at `until`.
 * - `refuse`: not at all. Its outcome is `rejected` by `'guard'`, with this error.
 */
export type GuardVerdict =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'hold'; /** For people and logs. */ readonly reason: string; readonly until: Date }
  | { readonly verdict: 'refuse'; readonly error: WhatsAppError };

/**
 * Decides whether a message may go out. It is asked each time that the message is about to leave, after everything that takes time; one that
 * throws lets the message not go out (`rejected` by `'guard'`).
 *
 * @example
 * ```ts
 * import { createClient, createSender, type SendGuard } from 'wa-coexist';
 *
 * const quietAtNight: SendGuard = (_message, { priority }) => {
 *   const now = new Date();
 *   if (priority !== 'low' || now.getUTCHours() >= 8) return { verdict: 'pass' };
 *   return { verdict: 'hold', reason: 'it is night', until: new Date(now.setUTCHours(8, 0, 0, 0)) };
 * };
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const sender = createSender({ client, throughput: 'coexistence', guards: [quietAtNight] });
 * ```
 */
export type SendGuard = (message: OutgoingMessage, context: SendGuardContext) => GuardVerdict | Promise<GuardVerdict>;

/** Asks one guard after the other, until one does not let the message pass. @throws what a guard throws. */
export async function askGuards(
  guards: readonly SendGuard[],
  message: OutgoingMessage,
  context: SendGuardContext,
): Promise<Exclude<GuardVerdict, { verdict: 'pass' }> | undefined> {
  for (const guard of guards) {
    const verdict = await guard(message, context);
    if (verdict.verdict !== 'pass') return verdict;
  }
  return undefined;
}
