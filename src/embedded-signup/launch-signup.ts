import { checkNumber } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { defined, isRecord } from '../runtime/json.js';
import { systemClock, type Clock } from '../runtime/clock.js';
import { loginOptions, type LoginOptions, type LoginOptionsParameters } from './login-options.js';
import { onSessionEvent, type SessionEventOptions } from './on-session-event.js';
import type { SessionEvent, SignupCancelled, SignupFailed, SignupFinished } from './session-event.js';

/** Response of `FB.login`. Without `authResponse`, the customer closed the popup. */
export interface LoginResponse {
  readonly authResponse?: { readonly code?: string } | null;
}

/** Part of Meta's JavaScript SDK that Embedded Signup needs: the global `FB` after `FB.init`. */
export interface FacebookLogin {
  /**
   * Opens the popup. Meta's SDK rejects an `async` callback.
   *
   * @param callback - Receives the response after the popup closes.
   * @param options - The result of {@link loginOptions}.
   */
  login(callback: (response: LoginResponse) => void, options: LoginOptions): void;
}

/** Options of {@link launchSignup}: the signup to open, trusted origins, and time limits. */
export interface LaunchSignupOptions extends LoginOptionsParameters, SessionEventOptions {
  /**
   * Milliseconds to wait for the session event after the code arrived. A code expires after 30 seconds, and the server
   * can find the WABA without the event.
   * @defaultValue 3 000
   */
  readonly eventWaitMs?: number | undefined;
  /**
   * Milliseconds to wait for the code after the popup posted its finish event. Meta's SDK sometimes doesn't call back.
   * The signup then resolves as `finished-without-code`.
   * @defaultValue 5 000
   */
  readonly codeWaitMs?: number | undefined;
  /**
   * Milliseconds after which a signup ends, so that the page can open another one. It resolves with the known result: a
   * code, a finish, an error, or a cancellation. Without any of them, it rejects. A code that arrives later is dropped.
   * @defaultValue 3 600 000 (1 hour)
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Stops listening and rejects with its reason. Use it when your page is closed or replaced. The popup remains open.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Source of the time.
   * @defaultValue the system clock
   */
  readonly clock?: Pick<Clock, 'schedule'> | undefined;
}

/** The customer finished the signup. The result contains the code and the session event. */
export interface SignupDone {
  readonly outcome: 'finished';
  /**
   * Pass it to `onboarding.start({ code })` on the server immediately. It expires after 30 seconds and works only once.
   */
  readonly code: string;
  /** Pass it to `onboarding.start({ sessionEvent })`. Missing if it didn't arrive in time. */
  readonly sessionEvent?: SignupFinished;
}

/**
 * The customer finished, but `FB.login` returned no code. With Coexistence, the number is linked, and the 24 hours for
 * contacts and history have started. Store the IDs, and let the customer sign up again with {@link signupUrl}: a
 * redirect always contains the code.
 */
export interface SignupWithoutCode {
  readonly outcome: 'finished-without-code';
  readonly wabaId?: string;
  readonly phoneNumberId?: string;
  readonly businessId?: string;
  readonly sessionEvent: SignupFinished;
}

/** The popup closed without a code and without a finish event. */
export interface SignupLeft {
  readonly outcome: 'cancelled';
  /** The step at which the customer left. Missing if the popup didn't report it. */
  readonly sessionEvent?: SignupCancelled;
}

/** The popup reported an error and closed without a code. */
export interface SignupBroken {
  readonly outcome: 'failed';
  readonly sessionEvent: SignupFailed;
}

/** Result of {@link launchSignup}, discriminated by `outcome`. It is JSON, so that you can post it to your server. */
export type SignupResult = SignupDone | SignupWithoutCode | SignupLeft | SignupBroken;

/**
 * SDK objects and windows with an open signup. Two signups that share one of them would receive each other's messages.
 */
const open = /* @__PURE__ */ new WeakSet<object>();

/** Milliseconds to wait for the cancel event, which may arrive after the callback. */
const cancelWaitMs = 500;

/**
 * Opens Embedded Signup. It resolves after the popup closes, with the code of `FB.login` and the session event,
 * regardless of their order.
 *
 * Call it directly in a click handler, because browsers block popups that open later. Post the result to your server
 * immediately: the code expires after 30 seconds. A finish event counts even if the popup reported an error or a step
 * back before. Source: Meta, Embedded Signup implementation (20 Feb 2026).
 *
 * A page can open one signup at a time. The popup's messages don't identify their signup, so that the code of one
 * customer could be combined with the account of another. A second call rejects until the first one has a result. Use
 * {@link signupUrl} if popups are blocked.
 *
 * @param facebook - The global `FB` of Meta's JavaScript SDK. See {@link FacebookLogin}.
 * @param options - The login configuration, time limits and a signal. See {@link LaunchSignupOptions}.
 * @throws `InvalidArgumentError` while another signup is open and for invalid options, errors of `FB.login`, and the
 * signal's reason.
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
 *   await fetch('/onboardings', {
 *     method: 'POST',
 *     headers: { 'content-type': 'application/json' },
 *     body: JSON.stringify(result),
 *   });
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
    checkNoneOpen(facebook, target);
    const ends: (() => void)[] = [
      () => {
        open.delete(facebook);
        open.delete(target);
      },
    ];
    const end = (): void => {
      for (const undo of ends.splice(0)) undo();
    };
    /** Result of the `FB.login` callback, `undefined` before the call. */
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
      reject(signal?.reason instanceof Error ? signal.reason : new Error('The signup was aborted.'));
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
        reject(new InvalidArgumentError('launchSignup', 'timeoutMs', 'passed without a signup result'));
      }, timeoutMs),
      () => signal?.removeEventListener('abort', abort),
      onSessionEvent((event) => {
        // The popup may post its finish event more than once.
        if (event.outcome === 'finished' && !heard.finished) ends.push(clock.schedule(settle, codeWaitMs));
        Object.assign(heard, { [event.outcome]: event });
        settleIfComplete();
      }, options),
    );
    try {
      facebook.login((response) => {
        if (login) return;
        login = { code: codeOf(response) };
        ends.push(clock.schedule(settle, login.code === undefined ? cancelWaitMs : eventWaitMs));
        settleIfComplete();
      }, loginOptions(options));
    } catch (error) {
      end();
      throw error;
    }
  });
}

function checkNoneOpen(facebook: FacebookLogin, target: object): void {
  const busy = open.has(facebook) ? 'facebook' : open.has(target) ? 'window' : undefined;
  if (busy === undefined) return;
  throw new InvalidArgumentError('launchSignup', busy, 'already has an open signup: wait for its result, or abort it with its signal');
}

/** Some versions of the SDK call back without a response, despite the type. */
function codeOf(response: unknown): string | undefined {
  const auth = isRecord(response) && isRecord(response.authResponse) ? response.authResponse : {};
  return typeof auth.code === 'string' && auth.code !== '' ? auth.code : undefined;
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
