import { refuse } from '../refusal.js';
import type { Answer, ChatMessage } from '../entities.js';
import type { World } from '../world.js';
import { listOf, requiredSeconds, type Routes, type WabaCall } from './call.js';
import type { AskedField } from '../graph/asked-fields.js';
import { pageOf } from './listing.js';

const stepSeconds: Readonly<Record<string, number>> = {
  HALF_HOUR: 1_800,
  DAY: 86_400,
  DAILY: 86_400,
  MONTH: 30 * 86_400,
  MONTHLY: 30 * 86_400,
};

const daySeconds = 86_400;
/** Meta has data of 90 days. Source: Meta, Analytics (Nov 2025). */
const maxDays = 90;

/** One span of time with what was sent in it. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly messages: readonly ChatMessage[];
}

/** `analytics`, `conversation_analytics` and `pricing_analytics` of a WABA, from what was sent through the fake. */
export function analyticsOf(call: WabaCall, { name, parameters }: AskedField): Answer | undefined {
  const { world } = call.state;
  const { start, end, granularity } = parameters;
  const step = String(granularity).toUpperCase();
  const spans = (): readonly Span[] => spansOf(sentOf(call, parameters.phone_numbers), Number(start), Number(end), step);
  switch (name) {
    case 'analytics': {
      const points = spans().map((span) => ({
        start: span.start,
        end: span.end,
        sent: span.messages.filter(({ status }) => status !== 'ERROR').length,
        delivered: span.messages.filter(isDelivered).length,
      }));
      // Captured (14 Oct 2024): without messages the response contains only the granularity.
      return points.length === 0
        ? { granularity: step }
        : { phone_numbers: numbersOf(call).map(({ waId }) => waId), granularity: step, data_points: points };
    }
    case 'pricing_analytics':
      return groups(spans(), world, (span, message, volume) => ({
        start: span.start,
        end: span.end,
        phone_number: world.numbers.get(message.phoneNumberId)?.waId,
        pricing_type: message.pricing?.type.toUpperCase(),
        pricing_category: message.pricing?.category.toUpperCase(),
        volume,
        cost: 0,
      }));
    case 'conversation_analytics':
      return groups(spans(), world, (span, message, volume) => ({
        start: span.start,
        end: span.end,
        phone_number: world.numbers.get(message.phoneNumberId)?.waId,
        conversation_category: message.pricing?.category.toUpperCase(),
        conversation_type: message.pricing?.billable ? 'REGULAR' : 'FREE_TIER',
        conversation: volume,
        cost: 0,
      }));
    default:
      return undefined;
  }
}

/** `GET /{waba-id}/template_analytics`. */
export const templateAnalyticsRoutes: Routes<WabaCall> = {
  'GET template_analytics'(call) {
    if (call.waba.settings.is_enabled_for_insights !== true) throw refuse(200005, 'Template insights are not enabled for this account.');
    const templateIds = listOf(call, 'template_ids').map(String);
    const start = requiredSeconds(call, 'start');
    const end = requiredSeconds(call, 'end');
    const spans = spansOf(sentOf(call, undefined), start, end, 'DAILY');
    const points = daysBetween(start, end).flatMap((from) => {
      const messages = spans.find((span) => span.start === from)?.messages ?? [];
      return templateIds.map((id) => ({
        template_id: id,
        start: from,
        end: from + daySeconds,
        ...metricsOf(
          messages.filter(({ templateId }) => templateId === id),
          listOf(call, 'metric_types'),
        ),
      }));
    });
    return pageOf(call, [{ granularity: 'DAILY', product_type: 'cloud_api', data_points: points }]);
  },
};

/** Meta has a point for each day, also for days without messages. Captured (Feb 2026). */
function daysBetween(start: number, end: number): readonly number[] {
  const days: number[] = [];
  for (let from = Math.floor(start / daySeconds) * daySeconds; from < end && days.length < maxDays; from += daySeconds) days.push(from);
  return days;
}

/** The requested metrics. Without a choice, these are all except the clicks. */
function metricsOf(messages: readonly ChatMessage[], wanted: readonly unknown[]): Answer {
  const metrics: readonly (readonly [type: string, name: string, value: unknown])[] = [
    ['SENT', 'sent', messages.length],
    ['DELIVERED', 'delivered', messages.filter(isDelivered).length],
    ['READ', 'read', messages.filter(({ status }) => status === 'READ').length],
    ['REPLIED', 'replied', 0],
    ['CLICKED', 'clicked', []],
    ['COST', 'cost', [{ type: 'amount_spent' }, { type: 'cost_per_delivered' }, { type: 'cost_per_url_button_click' }]],
  ];
  const shown = metrics.filter(([type]) => (wanted.length === 0 ? type !== 'CLICKED' : wanted.includes(type)));
  return Object.fromEntries(shown.map(([, name, value]) => [name, value]));
}

function numbersOf({ waba, state: { world } }: WabaCall) {
  return [...world.numbers.values()].filter(({ wabaId }) => wabaId === waba.id);
}

/** What the numbers of the WABA sent through the API. */
function sentOf(call: WabaCall, phoneNumbers: unknown): readonly ChatMessage[] {
  const { world } = call.state;
  const wanted = Array.isArray(phoneNumbers) ? phoneNumbers.map(String) : [];
  const ids = new Set(
    numbersOf(call)
      .filter(({ waId }) => wanted.length === 0 || wanted.includes(waId))
      .map(({ id }) => id),
  );
  return [...world.sent.values()].filter(({ phoneNumberId }) => ids.has(phoneNumberId)).flatMap(({ id }) => world.messages.get(id) ?? []);
}

/** Spans in which something was sent. */
function spansOf(messages: readonly ChatMessage[], start: number, end: number, granularity: string): readonly Span[] {
  const step = stepSeconds[granularity];
  if (step === undefined || !(start < end)) throw refuse(131009, 'The analytics need start, end and a granularity.');
  const spans = new Map<number, ChatMessage[]>();
  for (const message of messages) {
    const at = message.atMs / 1_000;
    if (at < start || at >= end) continue;
    const from = Math.floor(at / step) * step;
    const span = spans.get(from);
    if (span) span.push(message);
    else spans.set(from, [message]);
  }
  return [...spans].sort(([one], [other]) => one - other).map(([from, inSpan]) => ({ start: from, end: from + step, messages: inSpan }));
}

/** One data point for each number, price type and category of a span. */
function groups(
  spans: readonly Span[],
  world: World,
  point: (span: Span, example: ChatMessage, volume: number) => Answer,
): { readonly data: readonly { readonly data_points: readonly Answer[] }[] } {
  const points = spans.flatMap((span) => {
    const alike = new Map<string, ChatMessage[]>();
    for (const message of span.messages.filter(isDelivered)) {
      const key = `${message.phoneNumberId} ${String(message.pricing?.type)} ${String(message.pricing?.category)}`;
      alike.set(key, [...(alike.get(key) ?? []), message]);
    }
    return [...alike.values()].flatMap((messages) => (messages[0] ? [point(span, messages[0], messages.length)] : []));
  });
  return { data: [{ data_points: points }] };
}

function isDelivered({ status }: ChatMessage): boolean {
  return status === 'DELIVERED' || status === 'READ' || status === 'PLAYED';
}
