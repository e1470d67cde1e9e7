import { checkNumber } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { defined, isRecord } from '../runtime/json.js';
import { systemClock, type Clock } from '../runtime/clock.js';
import { loginOptions, type LoginOptions, type LoginOptionsParameters } from './login-options.js';
import { onSessionEvent, type SessionEventOptions } from './on-session-event.js';
import type { SessionEvent, SignupCancelled, SignupFailed, SignupFinished } from './session-event.js';

/** What `FB.login` hands to its callback: without `authResponse` the popup was left. */
export interface LoginResponse {
  readonly authResponse?: { readonly code?: string } | null;
}

/** The part of Meta's JavaScript SDK that Embedded Signup needs: the global `FB` once `FB.init` was called. */
export interface FacebookLogin {
  /** Opens the popup. Meta's SDK refuses an `async` callback. */
  login(callback: (response: LoginResponse) => void, options: LoginOptions): void;
}

/** What to open, whom to believe, and how long to wait for the second half. */
export interface LaunchSignupOptions extends LoginOptionsParameters, SessionEventOptions {
  /**
   * Milliseconds that a code waits for its session event. A code lives 30 seconds, and the server finds the WABA without the event, too.
   * @defaultValue 3 000
   */
  readonly eventWaitMs?: number | undefined;
  /**
   * Milliseconds to wait for the code after the popup posted its finish event. Meta's SDK sometimes never calls back. The signup then resolves
   * as `finished-without-code`.
   * @defaultValue 5 000
   */
  readonly codeWaitMs?: number | undefined;
  /**
   * Milliseconds after which a signup ends, so that the page can open another one. It resolves with what is known by then: a code, a finish, an
   * error, or that the popup was left. Otherwise it rejects. A code that arrives later is dropped.
   * @defaultValue 3 600 000 (1 hour)
   */
  readonly timeoutMs?: number | undefined;
  /** Stops listening, and rejects with its reason: for a page that goes away. The popup itself stays open. */
  readonly signal?: AbortSignal | undefined;
  /** Where time comes from. @defaultValue the machine's clock */
  readonly clock?: Pick<Clock, 'schedule'> | undefined;
}

/** The code and what the popup told, joined. */
export interface SignupDone {
  readonly outcome: 'finished';
  /** For `onboarding.start({ code })` on the server, at once: it lives 30 seconds and works once. */
  readonly code: string;
  /** For `onboarding.start({ sessionEvent })`; absent if it did not come in time. */
  readonly sessionEvent?: SignupFinished;
}

/**
 * The customer finished, but `FB.login` returned no code. With Coexistence the number is linked then, and the 24 hours for contacts and history
 * have begun. Keep the IDs, and let the customer sign up again with {@link signupUrl}: a redirect always contains the code.
 */
export interface SignupWithoutCode {
  readonly outcome: 'finished-without-code';
  readonly wabaId?: string;
  readonly phoneNumberId?: string;
  readonly businessId?: string;
  readonly sessionEvent: SignupFinished;
}

/** The popup ended without a code and without a finish. */
export interface SignupLeft {
  readonly outcome: 'cancelled';
  /** Where it was left; absent if the popup did not tell. */
  readonly sessionEvent?: SignupCancelled;
}

/** The popup ended without a code after it had told an error. */
export interface SignupBroken {
  readonly outcome: 'failed';
  readonly sessionEvent: SignupFailed;
}

/** How a signup ended, discriminated by `outcome`. JSON: it can be posted to the server as it is. */
export type SignupResult = SignupDone | SignupWithoutCode | SignupLeft | SignupBroken;

/** SDK objects and windows whose signup has no result yet. Two signups that share either of them would receive each other's messages. */
const open = /* @__PURE__ */ new WeakSet<object>();

/** A popup that was left tells where by a message that may come after the callback; nobody waits long for that. */
const cancelWaitMs = 500;

/**
 * Opens Embedded Signup and resolves when it has ended, with the code of `FB.login` and the session event joined, whichever comes first.
 *
 * Call it directly in the handler of a click, because browsers block popups that open later, and post the result to the server at once: the
 * code lives 30 seconds. A finish counts, also if the popup had told an error or a step back before. Source: Meta, Embedded Signup
 * implementation (20 Feb 2026).
 *
 * Only one signup can be open in a page: messages of the popups don't say which signup they belong to, so the code of one customer could be joined
 * with the account of another. A second call rejects until the first one has a result.
 *
 * @throws `InvalidArgumentError` while another signup is open and for wrong options, what `FB.login` throws, and the signal's reason.
 *
 * @example
 * ```ts
 * import { launchSignup, type FacebookLogin } from 'wa-coexist/embedded-signup';
 *
 * declare const FB: FacebookLogin; // of https://connect.facebook.net/en_US/sdk.js
 * const button = document.querySelector('button');
 * button?.addEventListener('click', async () => {
 *   const result = await launchSignup(FB, { configId: '900100200300400' });
 *   if (result.outcome !== 'finished') return;
 *   await fetch('/onboardings', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(result) });
 * });
 * ```
 */
export function launchSignup(facebook: FacebookLogin, options: LaunchSignupOptions): Promise<SignupResult> {
  const {
    eventWaitMs = 3_000,
    codeWaitMs = 5_000,
    timeoutMs = 3_600_000,
    signal,
    clock = systemClock,
    window: target = globalThis,
  } = options;
  return new Promise((resolve, reject) => {
    checkNumber('launchSignup', 'eventWaitMs', eventWaitMs, { min: 0, unit: 'ms' });
    checkNumber('launchSignup', 'codeWaitMs', codeWaitMs, { min: 0, unit: 'ms' });
    checkNumber('launchSignup', 'timeoutMs', timeoutMs, { unit: 'ms' });
    if (open.has(facebook) || open.has(target)) {
      throw new InvalidArgumentError(
        'launchSignup',
        open.has(facebook) ? 'facebook' : 'window',
        'has an open signup already: wait for its result, or abort it with its signal',
      );
    }
    const ends: (() => void)[] = [
      () => {
        open.delete(facebook);
        open.delete(target);
      },
    ];
    const end = (): void => {
      for (const undo of ends.splice(0)) undo();
    };
    /** What the callback of `FB.login` brought: `undefined` until it was called. */
    let login: { readonly code: string | undefined } | undefined;
    const heard: { -readonly [Outcome in SessionEvent['outcome']]?: Extract<SessionEvent, { readonly outcome: Outcome }> } = {};

    const settle = (): void => {
      end();
      resolve(resultOf(login?.code, heard));
    };
    const settleIfComplete = (): void => {
      if (!login) return;
      if (heard.finished ?? (login.code === undefined && (heard.cancelled ?? heard.failed))) settle();
    };
    const abort = (): void => {
      end();
      reject(signal?.reason instanceof Error ? signal.reason : new Error('The signup was given up.'));
    };

    if (signal?.aborted) {
      abort();
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    open.add(facebook);
    open.add(target);
    ends.push(
      clock.schedule(() => {
        if (login ?? heard.finished ?? heard.failed ?? heard.cancelled) {
          settle();
          return;
        }
        end();
        reject(new InvalidArgumentError('launchSignup', 'timeoutMs', 'passed without a result of the signup'));
      }, timeoutMs),
      () => signal?.removeEventListener('abort', abort),
      onSessionEvent((event) => {
        // The popup may post its finish more than once.
        if (event.outcome === 'finished' && !heard.finished) ends.push(clock.schedule(settle, codeWaitMs));
        Object.assign(heard, { [event.outcome]: event });
        settleIfComplete();
      }, options),
    );
    try {
      facebook.login((response) => {
        if (login) return;
        // Typed, but some versions of the SDK call back with nothing.
        const given: unknown = response;
        const auth = isRecord(given) && isRecord(given.authResponse) ? given.authResponse : {};
        const { code } = auth;
        login = { code: typeof code === 'string' && code !== '' ? code : undefined };
        ends.push(clock.schedule(settle, login.code === undefined ? cancelWaitMs : eventWaitMs));
        settleIfComplete();
      }, loginOptions(options));
    } catch (error) {
      end();
      throw error;
    }
  });
}

function resultOf(
  code: string | undefined,
  {
    finished,
    failed,
    cancelled,
  }: { readonly finished?: SignupFinished; readonly failed?: SignupFailed; readonly cancelled?: SignupCancelled },
): SignupResult {
  if (code !== undefined) return { outcome: 'finished', code, ...(finished && { sessionEvent: finished }) };
  if (finished) {
    const { wabaId, phoneNumberId, businessId } = finished;
    return { outcome: 'finished-without-code', ...defined({ wabaId, phoneNumberId, businessId }), sessionEvent: finished };
  }
  if (failed) return { outcome: 'failed', sessionEvent: failed };
  return { outcome: 'cancelled', ...(cancelled && { sessionEvent: cancelled }) };
}
