/**
 * The browser part of Embedded Signup: the options of Meta's popup, and the events that it sends to the page. It has no
 * dependencies and needs no Node.
 *
 * @module wa-coexist/embedded-signup
 */
export { isMetaOrigin } from './meta-origin.js';
export { launchSignup } from './launch-signup.js';
export type {
  FacebookLogin,
  LaunchSignupOptions,
  LoginResponse,
  SignupBroken,
  SignupDone,
  SignupLeft,
  SignupResult,
  SignupWithoutCode,
} from './launch-signup.js';
export { loginOptions, type LoginOptions, type LoginOptionsParameters, type SignupVersion } from './login-options.js';
export { onSessionEvent, type SessionEventOptions } from './on-session-event.js';
export { readSignupRedirect } from './read-signup-redirect.js';
export type {
  SignupRedirect,
  SignupRedirectDone,
  SignupRedirectFailed,
  SignupRedirectLeft,
  SignupRedirectWithoutCode,
} from './read-signup-redirect.js';
export { createSignupState, signupUrl, type SignupUrlOptions } from './signup-url.js';
export { SignupStateError, type SignupStateProblem } from '../errors/signup-state-error.js';
export { parseSessionEvent } from './session-event.js';
export type { SessionEvent, SignupCancelled, SignupFailed, SignupFinished, SignupUnknown } from './session-event.js';
