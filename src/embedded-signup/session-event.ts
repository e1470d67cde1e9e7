import { isRecord } from '../runtime/json.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Somebody got to the end of Embedded Signup. A coexistence finish is only sure to hold the WABA id. */
export interface SignupFinished {
  readonly outcome: 'finished';
  /** Meta's event. */
  readonly event: OpenEnum<
    'FINISH' | 'FINISH_ONLY_WABA' | 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING' | 'FINISH_OBO_MIGRATION' | 'FINISH_GRANT_ONLY_API_ACCESS'
  >;
  /** Whether a number of the Business app was connected: such a number is never registered. */
  readonly coexistence: boolean;
  readonly wabaId?: string;
  readonly phoneNumberId?: string;
  readonly businessId?: string;
  /** All WABAs, in flows that share several. */
  readonly wabaIds?: readonly string[];
  /** WhatsApp accounts of the new account model (version 5). Source: Meta, Account model evolution (27 Oct 2026): first half of 2027. */
  readonly primaryWaacIds?: readonly string[];
}

/** Somebody left Embedded Signup. */
export interface SignupCancelled {
  readonly outcome: 'cancelled';
  readonly event: 'CANCEL';
  /** The screen that was left. */
  readonly currentStep?: OpenEnum<
    | 'BUSINESS_ACCOUNT_SELECTION'
    | 'WABA_PHONE_PROFILE_PICKER'
    | 'WHATSAPP_BUSINESS_PROFILE_SETUP'
    | 'PHONE_NUMBER_SETUP'
    | 'PHONE_NUMBER_VERIFICATION'
    | 'PERMISSIONS'
  >;
}

/** Embedded Signup failed, or somebody reported that it did. */
export interface SignupFailed {
  readonly outcome: 'failed';
  readonly event: OpenEnum<'CANCEL' | 'ERROR'>;
  readonly errorMessage?: string;
  /** `error_code`, called `error_id` in older flows. */
  readonly errorCode?: string;
  /** For support tickets. */
  readonly sessionId?: string;
  readonly occurredAt?: Date;
}

/** An event of Embedded Signup that this version of the library does not know. */
export interface SignupUnknown {
  readonly outcome: 'unknown';
  readonly event: string;
}

/** What Embedded Signup told the page, discriminated by `outcome`. */
export type SessionEvent = SignupFinished | SignupCancelled | SignupFailed | SignupUnknown;

/** A longer message is none of Embedded Signup's. */
const longestMessage = 100_000;

/**
 * Reads a message that Embedded Signup posted to its page: a JSON string, usually, or an object. Anything else that was posted to the page
 * gives `undefined`; nothing throws. IDs that are not 1 to 32 digits count as missing. Whether the message came from Meta is another question: `isMetaOrigin` of
 * `wa-coexist/embedded-signup` answers it, and `onSessionEvent` asks it.
 *
 * Source: Meta, Embedded Signup implementation (20 Feb 2026) and flow errors (Dec 2025).
 *
 * @example
 * ```ts
 * import { parseSessionEvent } from 'wa-coexist/embedded-signup';
 *
 * const event = parseSessionEvent('{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING","data":{"waba_id":"102290129340398"}}');
 * if (event?.outcome === 'finished') console.log(event.wabaId);
 * ```
 */
export function parseSessionEvent(data: unknown): SessionEvent | undefined {
  try {
    return readMessage(data);
  } catch {
    // An object of other code in the page, with getters that throw.
    return undefined;
  }
}

function readMessage(data: unknown): SessionEvent | undefined {
  const message = typeof data === 'string' ? parseJson(data) : data;
  if (!isRecord(message) || message.type !== 'WA_EMBEDDED_SIGNUP' || typeof message.event !== 'string') return undefined;
  const { event } = message;
  const facts = isRecord(message.data) ? message.data : {};
  if (event.startsWith('FINISH')) return finished(event, facts);
  if (event === 'ERROR' || (event === 'CANCEL' && tellsError(facts))) return failed(event, facts);
  if (event === 'CANCEL') return { outcome: 'cancelled', event, ...given('currentStep', textOf(facts.current_step)) };
  return { outcome: 'unknown', event };
}

function finished(event: string, facts: Readonly<Record<string, unknown>>): SignupFinished {
  const wabaIds = idsOf(facts.waba_ids);
  return {
    outcome: 'finished',
    event,
    coexistence: event === 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING',
    ...given('wabaId', idOf(facts.waba_id) ?? (wabaIds?.length === 1 ? wabaIds[0] : undefined)),
    ...given('phoneNumberId', idOf(facts.phone_number_id)),
    ...given('businessId', idOf(facts.business_id)),
    ...given('wabaIds', wabaIds),
    ...given('primaryWaacIds', idsOf(facts.primary_waac_ids)),
  };
}

function failed(event: string, facts: Readonly<Record<string, unknown>>): SignupFailed {
  const seconds = Number(labelOf(facts.timestamp) ?? Number.NaN);
  return {
    outcome: 'failed',
    event,
    ...given('errorMessage', textOf(facts.error_message)),
    ...given('errorCode', labelOf(facts.error_code) ?? labelOf(facts.error_id)),
    ...given('sessionId', labelOf(facts.session_id)),
    ...given('occurredAt', Number.isFinite(seconds) && Math.abs(seconds) < 1e11 ? new Date(seconds * 1000) : undefined),
  };
}

function tellsError(facts: Readonly<Record<string, unknown>>): boolean {
  return [facts.error_message, facts.error_code, facts.error_id].some((value) => value !== undefined && value !== null && value !== '');
}

function parseJson(text: string): unknown {
  if (text.length > longestMessage) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Text, or a number that some deployments write in its place. */
function labelOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOf(value);
}

/** An ID of Meta's: digits only. Whatever else a page posts must not reach a path, a key or a log, and counts as missing. */
function idOf(value: unknown): string | undefined {
  const id = labelOf(value);
  return id !== undefined && isMetaId(id) ? id : undefined;
}

/** Reports whether a value has the form of an ID of Meta's: 1 to 32 digits. */
export function isMetaId(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,32}$/.test(value);
}

function idsOf(value: unknown): readonly string[] | undefined {
  const ids = Array.isArray(value) ? value.map(idOf).filter((id): id is string => id !== undefined) : [];
  return ids.length > 0 ? ids : undefined;
}

/** A property, or nothing where there is no value: an optional property is absent, never `undefined`. */
function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [Key in Name]?: Value } {
  // A computed key makes TypeScript forget the name.
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]?: Value });
}
