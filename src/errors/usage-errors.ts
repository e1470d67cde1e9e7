import { WhatsAppError } from './whatsapp-error.js';

/** The action needs an id that neither its parameters nor the client's target names. */
export class MissingTargetError extends WhatsAppError {
  override readonly name = 'MissingTargetError';
  override readonly kind = 'missing-target';
  /** What is missing. */
  readonly missing: 'phoneNumberId' | 'wabaId';

  constructor(action: string, missing: 'phoneNumberId' | 'wabaId') {
    super(`${action} needs a ${missing}: pass it, set it in createClient({ ${missing} }), or use client.for({ ${missing} }).`);
    this.missing = missing;
  }
}

/** The action needs a credential that the client was not given, or that its `accessToken` function did not find (`cause`). Nothing was sent. */
export class MissingCredentialsError extends WhatsAppError {
  override readonly name = 'MissingCredentialsError';
  override readonly kind = 'missing-credentials';
  /** What is missing. */
  readonly missing: 'accessToken' | 'appSecret' | 'appId and appSecret';

  /**
   * @param problem - What the `accessToken` function did instead of returning a token. @defaultValue the credential was never set
   */
  constructor(
    action: string,
    missing: 'accessToken' | 'appSecret' | 'appId and appSecret',
    problem?: string,
    options?: { readonly cause?: unknown },
  ) {
    super(
      problem === undefined
        ? `${action} needs ${missing}: set it in createClient({ … }).`
        : `${action} needs ${missing}: ${problem}. Nothing was sent.`,
      options,
    );
    this.missing = missing;
  }
}

/** A message breaks a limit that Meta publishes; nothing was sent. */
export class InvalidMessageError extends WhatsAppError {
  override readonly name = 'InvalidMessageError';
  override readonly kind = 'invalid-message';
  /** Path of the field in the wire shape, as `interactive.action.buttons[3].reply.title`. */
  readonly field: string;
  /** The rule, in words. */
  readonly rule: string;
  /** The number that the rule is about, where there is one: the most characters, items, …. */
  readonly limit: number | undefined;

  constructor(field: string, rule: string, limit?: number) {
    super(`The message was not sent: ${field} ${rule}. Turn this check off with { validate: false }.`);
    this.field = field;
    this.rule = rule;
    this.limit = limit;
  }
}
