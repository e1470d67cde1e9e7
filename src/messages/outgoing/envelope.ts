/** What every message to one recipient has beside its content. */
export interface MessageEnvelope {
  /** Filled in by the library. */
  readonly messaging_product?: 'whatsapp';
  /** @defaultValue `'individual'` */
  readonly recipient_type?: 'individual' | 'group';
  /** Phone number of the recipient, with country code, or a group id. Never rewritten: what is given goes out. Either this or `recipient`. */
  readonly to?: string;
  /** Business-scoped user id of the recipient (`US.…`), for people who hide their number. `to` wins where both are there. */
  readonly recipient?: string;
  /** Quotes an earlier message. Not for reactions. */
  readonly context?: { readonly message_id: string };
  /** Comes back in the message's status webhooks; at most 512 characters. */
  readonly biz_opaque_callback_data?: string;
  /** The message goes out only while the user's identity still has this hash; otherwise it fails with 137000. */
  readonly recipient_identity_key_hash?: string;
  /**
   * Direct Send, a beta of 2026 for accounts that Meta admits: with a category, what is no template goes out after the service window as
   * well, and Meta makes a template of it. A text then has at most 1,024 characters.
   */
  readonly category?: 'utility' | 'authentication' | 'service';
  /** Seconds that Meta tries to deliver a message of Direct Send. */
  readonly ttl_seconds?: number;
  /** Which template Meta makes or takes for a message of Direct Send. */
  readonly direct_send_config?: { readonly template_name: string };
}

/** What a builder makes: a message without `recipient_type`, so that it fits clients of coexistence numbers, too. */
export type MessageContent<Message extends MessageEnvelope> = Omit<Message, 'recipient_type'>;
