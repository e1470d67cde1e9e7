import { WhatsAppError } from './whatsapp-error.js';

/** Reason why the `state` of a redirect was rejected. */
export type SignupStateProblem = 'missing' | 'mismatch' | 'no-session';

const problemText: Readonly<Record<SignupStateProblem, string>> = {
  missing: 'the URL of the redirect contains no state',
  mismatch: 'the state of the redirect differs from the one of this session',
  'no-session': 'this session has no state, because it expired or did not start a signup',
};

/**
 * Thrown if the `state` of a signup redirect doesn't belong to the session. The code could belong to another user, so
 * don't exchange it. The error contains neither of the two values.
 *
 * Source: RFC 6749 section 10.12; Meta, Manually build a login flow (2025).
 */
export class SignupStateError extends WhatsAppError {
  override readonly name = 'SignupStateError';
  override readonly kind = 'signup-state';
  /** Why the state was rejected. */
  readonly problem: SignupStateProblem;

  constructor(problem: SignupStateProblem) {
    super(`The signup was rejected: ${problemText[problem]}. Don't use its code. Start the signup again from your own page.`);
    this.problem = problem;
  }
}
