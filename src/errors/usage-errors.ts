import { WhatsAppError } from './whatsapp-error.js';

/** Thrown if an action needs an ID that neither its parameters nor the client contains. */
export class MissingTargetError extends WhatsAppError {
  override readonly name = 'MissingTargetError';
  override readonly kind = 'missing-target';
  /** Name of the missing ID. */
  readonly missing: 'phoneNumberId' | 'wabaId';

  constructor(action: string, missing: 'phoneNumberId' | 'wabaId') {
    super(`${action} needs a ${missing}: pass it, set it in createClient({ ${missing} }), or use client.for({ ${missing} }).`);
    this.missing = missing;
  }
}

/**
 * Thrown if the client doesn't have the credential for an action, or if its `accessToken` function didn't return a
 * token. In the second case, `cause` can contain the error of the function. No request was sent.
 */
export class MissingCredentialsError extends WhatsAppError {
  override readonly name = 'MissingCredentialsError';
  override readonly kind = 'missing-credentials';
  /** Name of the missing credential. */
  readonly missing: 'accessToken' | 'appSecret' | 'appId and appSecret';

  /**
   * @param problem - Why the `accessToken` function returned no token. Absent if the credential was never set.
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

/** Thrown if a message exceeds a limit that Meta publishes. The message was not sent. */
export class InvalidMessageError extends WhatsAppError {
  override readonly name = 'InvalidMessageError';
  override readonly kind = 'invalid-message';
  /** Path of the field in Meta's shape, for example `interactive.action.buttons[3].reply.title`. */
  readonly field: string;
  /** The violated rule, as text. */
  readonly rule: string;
  /** The limit of the rule, for example the maximum number of characters. `undefined` if it has none. */
  readonly limit: number | undefined;

  constructor(field: string, rule: string, limit?: number) {
    super(`The message was not sent: ${field} ${rule}. Turn this check off with { validate: false }.`);
    this.field = field;
    this.rule = rule;
    this.limit = limit;
  }
}
