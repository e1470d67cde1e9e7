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
}

/** A text of 1 to 4,096 characters. Meta's examples leave `type` out, which means text. */
export interface TextMessage extends MessageEnvelope {
  readonly type?: 'text';
  readonly text: {
    readonly body: string;
    /** Shows a preview of the first link. @defaultValue `false` */
    readonly preview_url?: boolean;
  };
}

/** An emoji on an earlier message of at most 30 days; an empty one takes it back. */
export interface ReactionMessage extends MessageEnvelope {
  readonly type: 'reaction';
  readonly reaction: { readonly message_id: string; readonly emoji: string };
}

/** A parameter of a template's header, body or button. */
export interface TemplateParameter {
  readonly type: string;
  /** For templates with named parameters. */
  readonly parameter_name?: string;
  readonly text?: string;
  readonly [content: string]: unknown;
}

/** A part of a template that takes parameters. */
export interface TemplateComponent {
  readonly type: string;
  readonly sub_type?: string;
  /** Position of a button, from 0. */
  readonly index?: string | number;
  readonly parameters?: readonly TemplateParameter[];
  readonly [content: string]: unknown;
}

/** A template that Meta has approved: the only content that may start a conversation or go out after the service window. */
export interface TemplateMessage extends MessageEnvelope {
  readonly type: 'template';
  readonly template: {
    readonly name: string;
    readonly language: { readonly code: string; readonly policy?: 'deterministic' };
    readonly components?: readonly TemplateComponent[];
  };
}

/**
 * A message as `POST /{phone-number-id}/messages` takes it: Meta's own shape, so that any example of Meta's documentation fits.
 *
 * @example
 * ```ts
 * import type { OutgoingMessage } from 'wa-coexist';
 *
 * const message: OutgoingMessage = { to: '15550100987', type: 'text', text: { body: 'Hello' } };
 * ```
 */
export type OutgoingMessage = TextMessage | ReactionMessage | TemplateMessage;
