import type { OpenEnum } from '../../runtime/open-enum.js';

/** What every message to one recipient has beside its content. */
export interface MessageEnvelope {
  /** Filled in by the library. */
  readonly messaging_product?: 'whatsapp';
  /** @defaultValue `'individual'` */
  readonly recipient_type?: OpenEnum<'individual' | 'group'>;
  /** Phone number of the recipient, with country code, or a group id. Never rewritten: what is given goes out. Either this or `recipient`. */
  readonly to?: string | undefined;
  /** Business-scoped user id of the recipient (`US.…`), for people who hide their number. `to` wins where both are there. */
  readonly recipient?: string | undefined;
  /** Quotes an earlier message. Not for reactions. */
  readonly context?: { readonly message_id: string };
  /** Comes back in the message's status webhooks; at most 512 characters. */
  readonly biz_opaque_callback_data?: string;
  /** The message goes out only while the user's identity still has this hash; otherwise it fails with 137000. */
  readonly recipient_identity_key_hash?: string;
  /**
   * The messaging account (WABA) that sends and pays, if several share the number. Meta requires it for such numbers from the first half of
   * 2028. Source: Meta, Account model evolution (27 Oct 2026).
   */
  readonly messaging_account_id?: string;
  /**
   * Sends the message with Direct Send: it can leave without a template outside the service window, and Meta creates the template. Utility
   * messages are generally available since 31 July 2026, to portfolios with a messaging limit of at least 100,000 (8 October 2026).
   * Authentication messages are a beta by request. Other accounts get error 100. Direct Send accepts text (1,024 characters), images, videos,
   * documents and buttons, but no audio, contacts, locations, stickers, reactions or addresses. Source: Meta, Direct Send (8 Oct 2026).
   */
  readonly category?: OpenEnum<'utility' | 'authentication' | 'service'>;
  /** Seconds that Meta tries to deliver a message of Direct Send. */
  readonly ttl_seconds?: number;
  /** Which template Meta makes or takes for a message of Direct Send. */
  readonly direct_send_config?: { readonly template_name: string };
}

/** What a builder makes: a message without `recipient_type`, so that it fits clients of coexistence numbers, too. */
export type MessageContent<Message extends MessageEnvelope> = Omit<Message, 'recipient_type'>;
