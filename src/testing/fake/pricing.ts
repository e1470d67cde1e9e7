import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { calendarDay } from '../../runtime/calendar.js';
import { isRecord } from '../../runtime/json.js';
import { isWindowOpen } from './send-limits.js';
import { webhookError } from './refusal.js';
import type { Answer, BusinessNumber, ChatMessage, Pricing, Template, Waba } from './entities.js';
import type { World } from './world.js';

/** Meta's prices from one day on, in the time zone of the account. */
interface PriceRules {
  readonly since: string;
  /** Deliveries of service messages per number and month that are free. */
  readonly freeServiceMessages: number;
  readonly chargesUtilityInWindow: boolean;
  readonly freeEntryPointHours: number;
}

/** Newest first. Source: Meta, Pricing (11, 28 and 30 Sep 2026), status webhook reference (14 Sep 2026). */
const priceRules: readonly PriceRules[] = [
  { since: '2026-10-01', freeServiceMessages: 1_000, chargesUtilityInWindow: true, freeEntryPointHours: 168 },
  { since: '2026-09-28', freeServiceMessages: Infinity, chargesUtilityInWindow: false, freeEntryPointHours: 168 },
  { since: '', freeServiceMessages: Infinity, chargesUtilityInWindow: false, freeEntryPointHours: 72 },
];

const hourMs = 3_600_000;
const replyMs = 24 * hourMs;
const serviceInTier: Pricing = { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' };
const serviceBeyondTier: Pricing = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' };

/** Records that a customer came from an ad: the reply of the business within 24 hours opens a free entry point. */
export function noteReferral(world: World, number: BusinessNumber, customerWaId: string, content: Answer): void {
  if (!isRecord(content.referral) || content.referral.source_type !== 'ad') return;
  number.entryPoints ??= new Map();
  number.entryPoints.set(customerWaId, { referredAtMs: world.now() });
}

/** Prices a message when Meta accepts it. Opens the free entry point of a customer from an ad. */
export function pricingOf(
  world: World,
  number: BusinessNumber,
  customerWaId: string,
  template: Template | undefined,
  product: 'cloud-api' | 'marketing-messages-api',
): Pricing {
  const rules = rulesOf(world, number);
  if (entryPointUntil(world, number, customerWaId, rules) !== undefined) {
    return { billable: false, pricing_model: 'PMP', type: 'free_entry_point', category: 'referral_conversion' };
  }
  if (!template) return serviceInTier;
  const category = categoryOf(template, product);
  const isFree = category === 'utility' && !rules.chargesUtilityInWindow && isWindowOpen(world, number, customerWaId);
  return { billable: !isFree, pricing_model: 'PMP', type: isFree ? 'free_customer_service' : 'regular', category };
}

/** The conversation of a message in a free entry point, as statuses contain it. */
export function conversationOf(number: BusinessNumber, message: ChatMessage): Answer | undefined {
  const untilMs = number.entryPoints?.get(message.customerWaId)?.untilMs;
  if (message.pricing?.type !== 'free_entry_point' || untilMs === undefined) return undefined;
  return {
    id: `entry-${message.customerWaId}-${String(untilMs)}`,
    expiration_timestamp: String(Math.floor(untilMs / 1_000)),
    origin: { type: 'referral_conversion' },
  };
}

/**
 * Updates the price of a message before a status: the free tier of the month decides what a service message costs. A delivery uses one unit
 * of it. Returns why the message fails, if the account can't pay for it.
 */
export function settlePrice(world: World, number: BusinessNumber, message: ChatMessage, step: 'sent' | 'delivered'): Answer | undefined {
  const { freeServiceMessages } = rulesOf(world, number);
  const waba = world.wabas.get(number.wabaId);
  const month = calendarDay(world.now(), timeZoneOf(waba)).slice(0, 7);
  const used = number.serviceDeliveries?.get(month) ?? 0;
  // Reactions are free, and Meta doesn't count them.
  const usesTier = message.pricing?.category === 'service' && message.content.type !== 'reaction';
  if (usesTier) message.pricing = used < freeServiceMessages ? serviceInTier : serviceBeyondTier;
  if (message.pricing?.billable && waba?.lacksPaymentMethod) return webhookError(131042, 'Business eligibility payment issue');
  if (usesTier && step === 'delivered') {
    number.serviceDeliveries ??= new Map();
    number.serviceDeliveries.set(month, used + 1);
  }
  return undefined;
}

function entryPointUntil(world: World, number: BusinessNumber, customerWaId: string, rules: PriceRules): number | undefined {
  const entry = number.entryPoints?.get(customerWaId);
  if (!entry) return undefined;
  const nowMs = world.now();
  if (entry.untilMs === undefined && nowMs - entry.referredAtMs < replyMs) entry.untilMs = nowMs + rules.freeEntryPointHours * hourMs;
  return entry.untilMs !== undefined && nowMs < entry.untilMs ? entry.untilMs : undefined;
}

function rulesOf(world: World, number: BusinessNumber): PriceRules {
  const today = calendarDay(world.now(), timeZoneOf(world.wabas.get(number.wabaId)));
  const rules = priceRules.find(({ since }) => since <= today);
  if (!rules) throw new InvalidArgumentError('createFakeCloudApi', 'clock', `is before the first prices: there are none for ${today}`);
  return rules;
}

function timeZoneOf(waba: Waba | undefined): string {
  return waba?.timeZone ?? 'UTC';
}

function categoryOf({ category }: Template, product: 'cloud-api' | 'marketing-messages-api'): Pricing['category'] {
  if (category === 'MARKETING') return product === 'marketing-messages-api' ? 'marketing_lite' : 'marketing';
  return category === 'AUTHENTICATION' ? 'authentication' : 'utility';
}
