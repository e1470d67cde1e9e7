import { isRecord } from '../runtime/json.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** The customer finished Embedded Signup. A finish with Coexistence may contain only the WABA ID. */
export interface SignupFinished {
  readonly outcome: 'finished';
  /** Name of Meta's event. */
  readonly event: OpenEnum<
    'FINISH' | 'FINISH_ONLY_WABA' | 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING' | 'FINISH_OBO_MIGRATION' | 'FINISH_GRANT_ONLY_API_ACCESS'
  >;
  /** Whether the customer connected a number of the WhatsApp Business app. Never register such a number. */
  readonly coexistence: boolean;
  readonly wabaId?: string;
  readonly phoneNumberId?: string;
  readonly businessId?: string;
  /** All WABAs, if the flow shares several. */
  readonly wabaIds?: readonly string[];
  /**
   * WhatsApp accounts of the new account model (version 5). Source: Meta, Account model evolution (27 Oct 2026): first
   * half of 2027.
   */
  readonly primaryWaacIds?: readonly string[];
}

/** The customer left Embedded Signup. */
export interface SignupCancelled {
  readonly outcome: 'cancelled';
  readonly event: 'CANCEL';
  /** Screen at which the customer left. */
  readonly currentStep?: OpenEnum<
    | 'BUSINESS_ACCOUNT_SELECTION'
    | 'WABA_PHONE_PROFILE_PICKER'
    | 'WHATSAPP_BUSINESS_PROFILE_SETUP'
    | 'PHONE_NUMBER_SETUP'
    | 'PHONE_NUMBER_VERIFICATION'
    | 'PERMISSIONS'
  >;
}

/** Embedded Signup failed, or the customer reported an error. */
export interface SignupFailed {
  readonly outcome: 'failed';
  readonly event: OpenEnum<'CANCEL' | 'ERROR'>;
  readonly errorMessage?: string;
  /** Error code. Older flows call it `error_id`. */
  readonly errorCode?: string;
  /** Session ID for support tickets. */
  readonly sessionId?: string;
  readonly occurredAt?: Date;
}

/** An event of Embedded Signup that this version of the library doesn't know. */
export interface SignupUnknown {
  readonly outcome: 'unknown';
  readonly event: string;
}

/** An event that Embedded Signup posted to the page, discriminated by `outcome`. */
export type SessionEvent = SignupFinished | SignupCancelled | SignupFailed | SignupUnknown;

/** Maximum length of a message of Embedded Signup. */
const longestMessage = 100_000;

/**
 * Parses a message that Embedded Signup posted to its page, usually a JSON string or an object. It returns `undefined`
 * for other messages and never throws. IDs that aren't 1 to 32 digits count as missing.
 *
 * It doesn't check the sender of the message. Use `isMetaOrigin` or `onSessionEvent` of `wa-coexist/embedded-signup`
 * for that.
 *
 * Source: Meta, Embedded Signup implementation (20 Feb 2026) and flow errors (Dec 2025).
 *
 * @param data - The `data` of a message event.
 * @returns the event. See {@link SessionEvent}.
 *
 * @example
 * ```ts
 * import { parseSessionEvent } from 'wa-coexist/embedded-signup';
 *
 * const event = parseSessionEvent(
 *   '{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING","data":{"waba_id":"102290129340398"}}',
 * );
 * if (event?.outcome === 'finished') console.log(event.wabaId);
 * ```
 */
export function parseSessionEvent(data: unknown): SessionEvent | undefined {
  try {
    return readMessage(data);
  } catch {
    // Getters of an object from other code in the page may throw.
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

/** Reads a text, or a number that some deployments send instead. */
function labelOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOf(value);
}

/**
 * Reads an ID of Meta, which contains only digits. Other values count as missing, because they must not reach a path, a
 * key or a log.
 */
function idOf(value: unknown): string | undefined {
  const id = labelOf(value);
  return id !== undefined && isMetaId(id) ? id : undefined;
}

/** Reports whether a value has the form of Meta's IDs: 1 to 32 digits. */
export function isMetaId(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,32}$/.test(value);
}

function idsOf(value: unknown): readonly string[] | undefined {
  const ids = Array.isArray(value) ? value.map(idOf).filter((id): id is string => id !== undefined) : [];
  return ids.length > 0 ? ids : undefined;
}

/**
 * Returns an object with one property, or an empty object for `undefined`, so that optional properties are missing
 * instead of `undefined`.
 */
function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [Key in Name]?: Value } {
  // TypeScript loses the name of a computed key.
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]?: Value });
}
