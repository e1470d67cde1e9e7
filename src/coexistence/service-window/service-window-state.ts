import type { WebhookEvent } from '../../webhooks/fields/registry.js';

/** The state of one customer's window, as JSON. */
export type ServiceWindowState = {
  /** Time of the customer's last live message. */
  readonly lastInboundAtMs?: number;
  /** End of the free entry point, as Meta's statuses report it. */
  readonly freeUntilMs?: number;
};

/** An event of a window. */
export type ServiceWindowEvent =
  { readonly type: 'customer-wrote'; readonly atMs: number } | { readonly type: 'free-entry-point'; readonly untilMs: number };

/** The rules of a window. */
export interface ServiceWindowRules {
  /** Hours for which a customer's message opens the window. */
  readonly serviceWindowHours: number;
  /**
   * The time from which all live messages of the number are known: its onboarding, or the first event. Earlier messages
   * don't open a window. Until a full window has passed since then, a missing message proves nothing. Absent if it is
   * unknown.
   */
  readonly watchedFromMs?: number;
  /**
   * Whether the number was onboarded at that time. Then no earlier window can be open.
   * @defaultValue `false`
   */
  readonly sinceOnboarding?: boolean;
}

/**
 * Whether you can send a message without a template. `unknown`: the customer may have written before the number was
 * watched.
 */
export type ServiceWindowStatus = 'open' | 'closed' | 'unknown';

/** A window at a given time. */
export interface ServiceWindowReading {
  readonly status: ServiceWindowStatus;
  /** The end of the window, in the future or the past. Absent if no message of the customer is known. */
  readonly untilMs?: number;
  /**
   * All messages are free until this time because the customer came from an ad (up to 7 days, 72 hours before 28 Sep
   * 2026). It doesn't extend the window.
   */
  readonly freeUntilMs?: number;
}

const hourMs = 3_600_000;

/**
 * Reads the effect of a webhook event on the customer's window. Only a live message opens a window. History messages
 * and echoes don't. Edits, deletions, reactions, and messages that Meta couldn't deliver (131060, 131051) don't either,
 * because Meta doesn't document their effect.
 *
 * Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026).
 *
 * @param event - A webhook event.
 * @returns the event for {@link serviceWindowChange}, or `undefined` if it has no effect
 *
 * @example
 * ```ts
 * import { serviceWindowEvent } from 'wa-coexist/coexistence';
 * import { parseWebhook } from 'wa-coexist/webhooks';
 *
 * for (const event of parseWebhook({ entry: [] })) console.log(event.customer, serviceWindowEvent(event));
 * ```
 */
export function serviceWindowEvent(event: WebhookEvent): ServiceWindowEvent | undefined {
  if (event.type === 'message') {
    const atMs = event.occurredAt?.getTime();
    return atMs === undefined || opensNothing.has(event.message.type) ? undefined : { type: 'customer-wrote', atMs };
  }
  if (event.type !== 'status' || event.status.pricing?.type !== 'free_entry_point') return undefined;
  const expiresAt = Number(event.status.conversation?.expiration_timestamp);
  return expiresAt > 0 && expiresAt < farFuture ? { type: 'free-entry-point', untilMs: expiresAt * 1_000 } : undefined;
}

/** Upper limit of Meta's times in Unix seconds. */
const farFuture = 1e11;

const opensNothing: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'reaction',
  'unsupported',
  'system',
  'request_welcome',
  'media_placeholder',
]);

/**
 * Applies an event to a window. Events can arrive repeatedly and in any order. This function is pure. Read the result
 * with {@link readServiceWindow}.
 *
 * @param state - The state. Start with an empty object.
 * @param event - The event from {@link serviceWindowEvent}.
 *
 * @example
 * ```ts
 * import { readServiceWindow, serviceWindowChange } from 'wa-coexist/coexistence';
 *
 * const rules = { serviceWindowHours: 24 };
 * const state = serviceWindowChange({}, { type: 'customer-wrote', atMs: 0 });
 * readServiceWindow(state, 3_600_000, rules); // { status: 'open', untilMs: 86_400_000 }
 * ```
 */
export function serviceWindowChange(state: ServiceWindowState, event: ServiceWindowEvent): ServiceWindowState {
  return event.type === 'customer-wrote'
    ? { ...state, lastInboundAtMs: Math.max(state.lastInboundAtMs ?? 0, event.atMs) }
    : { ...state, freeUntilMs: Math.max(state.freeUntilMs ?? 0, event.untilMs) };
}

/**
 * Reads a window at a given time.
 *
 * @param state - The state from {@link serviceWindowChange}.
 * @param nowMs - The time.
 * @param rules - The length of a window, and the time from which the number is watched.
 *
 * @example
 * ```ts
 * import { readServiceWindow } from 'wa-coexist/coexistence';
 *
 * readServiceWindow({ lastInboundAtMs: 0 }, 3_600_000, { serviceWindowHours: 24 }).status; // 'open'
 * ```
 */
export function readServiceWindow(state: ServiceWindowState, nowMs: number, rules: ServiceWindowRules): ServiceWindowReading {
  const { watchedFromMs, sinceOnboarding } = rules;
  const windowMs = rules.serviceWindowHours * hourMs;
  const { lastInboundAtMs, freeUntilMs } = state;
  const free = freeUntilMs !== undefined && nowMs < freeUntilMs ? { freeUntilMs } : {};
  // Meta's times are in whole seconds.
  const counts =
    lastInboundAtMs !== undefined && !(sinceOnboarding && watchedFromMs !== undefined && lastInboundAtMs + 1_000 <= watchedFromMs);
  const untilMs = counts ? lastInboundAtMs + windowMs : undefined;
  if (untilMs !== undefined && nowMs < untilMs) return { status: 'open', untilMs, ...free };
  const isKnown = watchedFromMs !== undefined && (sinceOnboarding || nowMs - watchedFromMs >= windowMs);
  return { status: isKnown || untilMs !== undefined ? 'closed' : 'unknown', ...(untilMs !== undefined && { untilMs }), ...free };
}

/**
 * Merges two states of one customer that were stored under different IDs. See {@link serviceWindowChange}.
 *
 * @param left - One state.
 * @param right - The other state.
 *
 * @example
 * ```ts
 * import { mergeServiceWindows } from 'wa-coexist/coexistence';
 *
 * mergeServiceWindows({ lastInboundAtMs: 1_000 }, { lastInboundAtMs: 2_000 }); // { lastInboundAtMs: 2_000 }
 * ```
 */
export function mergeServiceWindows(left: ServiceWindowState, right: ServiceWindowState): ServiceWindowState {
  const lastInboundAtMs = Math.max(left.lastInboundAtMs ?? 0, right.lastInboundAtMs ?? 0);
  const freeUntilMs = Math.max(left.freeUntilMs ?? 0, right.freeUntilMs ?? 0);
  return { ...(lastInboundAtMs > 0 && { lastInboundAtMs }), ...(freeUntilMs > 0 && { freeUntilMs }) };
}
