import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { GraphRequest } from '../client/client.js';

/** Identifies a thread by its customer: a phone number, or a business-scoped user ID, which Meta prefers. */
export type ThreadCustomer = { readonly to: string; readonly recipient?: never } | { readonly recipient: string; readonly to?: never };

/** Identifies a thread: one customer of one business number. */
export type ThreadParameters = ThreadCustomer & {
  /**
   * Text for the other responder, at most 2,000 characters. An emoji counts as two. The `messaging_handovers` webhook
   * contains it unchanged.
   */
  readonly metadata?: string | undefined;
  /** The business number of the thread. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
};

/** Meta's response to a change of control. */
export interface ThreadControlResult {
  readonly messaging_product: 'whatsapp';
  /** For support tickets. */
  readonly request_id: string;
}

/** Changes the owner of a thread. */
type ThreadAction = 'pass' | 'release' | 'take';

const maxMetadata = 2_000;

/** Builds the request of an action, after it has checked the parameters. @throws `InvalidArgumentError` */
export function threadControlRequest(
  phoneNumberId: string,
  caller: string,
  action: ThreadAction,
  parameters: ThreadParameters,
  content: object = {},
): GraphRequest {
  const { to, recipient, metadata } = parameters;
  if ((to ? 1 : 0) + (recipient ? 1 : 0) !== 1) {
    throw new InvalidArgumentError(caller, 'to', 'or recipient must identify the customer, and only one of them');
  }
  // Meta doesn't document how it counts. An emoji is two UTF-16 units, the larger of the possible counts of characters.
  if (metadata !== undefined && metadata.length > maxMetadata) {
    throw new InvalidArgumentError(caller, 'metadata', `must have at most ${String(maxMetadata)} characters`);
  }
  return {
    method: 'POST',
    path: [phoneNumberId, 'thread_control'],
    body: {
      messaging_product: 'whatsapp',
      action,
      ...(to ? { to } : { recipient }),
      ...(metadata !== undefined && { metadata }),
      ...content,
    },
    operation: `POST /{phone-number-id}/thread_control (${action})`,
  };
}
