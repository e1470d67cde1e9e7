import type { OpenEnum } from '../../runtime/open-enum.js';

/** Members that every message has in addition to its content. */
export interface MessageEnvelope {
  /** The library adds it. */
  readonly messaging_product?: 'whatsapp';
  /**
   * Type of the recipient.
   * @defaultValue `'individual'`
   */
  readonly recipient_type?: OpenEnum<'individual' | 'group'>;
  /**
   * Phone number of the recipient with country code, or a group ID. The library sends it unchanged. Set either this or
   * `recipient`.
   */
  readonly to?: string | undefined;
  /** Business-scoped user ID of the recipient (`US.…`), for people who hide their number. `to` overrides it. */
  readonly recipient?: string | undefined;
  /** Quotes an earlier message. Reactions can't quote. */
  readonly context?: { readonly message_id: string };
  /** Your own data. The status webhooks of the message contain it. At most 512 characters. */
  readonly biz_opaque_callback_data?: string;
  /** Sends the message only if the user's identity still has this hash. Otherwise it fails with 137000. */
  readonly recipient_identity_key_hash?: string;
  /**
   * The messaging account (WABA) that sends and pays, if several share the number. Meta requires it for such numbers
   * from the first half of 2028. Source: Meta, Account model evolution (27 Oct 2026).
   */
  readonly messaging_account_id?: string;
  /**
   * Sends the message with Direct Send: outside the service window it needs no template, because Meta creates one.
   *
   * Utility messages are generally available since 31 July 2026, to portfolios with a messaging limit of at least
   * 100,000 (8 October 2026). Authentication messages are a beta by request. Other accounts get error 100. Direct Send
   * accepts text (1,024 characters), images, videos, documents and buttons, but no audio, contacts, locations,
   * stickers, reactions or addresses. Source: Meta, Direct Send (8 Oct 2026).
   */
  readonly category?: OpenEnum<'utility' | 'authentication' | 'service'>;
  /** Seconds during which Meta attempts to deliver a Direct Send message. */
  readonly ttl_seconds?: number;
  /** Template that Meta creates or uses for a Direct Send message. */
  readonly direct_send_config?: { readonly template_name: string };
}

/**
 * Result of a builder: a message without a recipient, so that the compiler notices if you forget it. It also fits clients
 * of coexistence numbers.
 */
export type MessageContent<Message extends MessageEnvelope> = Omit<Message, 'to' | 'recipient' | 'recipient_type'>;
