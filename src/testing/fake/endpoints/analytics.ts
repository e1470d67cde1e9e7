import { refuse } from '../refusal.js';
import type { Answer, ChatMessage, World } from '../world.js';
import { listOf, requiredSeconds, type Routes, type WabaCall } from './call.js';
import { pageOf, type AskedField } from './listing.js';

const stepSeconds: Readonly<Record<string, number>> = {
  HALF_HOUR: 1_800,
  DAY: 86_400,
  DAILY: 86_400,
  MONTH: 30 * 86_400,
  MONTHLY: 30 * 86_400,
};

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
  const spans = (): readonly Span[] => spansOf(sentOf(call, parameters.phone_numbers), Number(start), Number(end), String(granularity));
  switch (name) {
    case 'analytics':
      return {
        phone_numbers: numbersOf(call).map(({ waId }) => waId),
        granularity,
        data_points: spans().map((span) => ({
          start: span.start,
          end: span.end,
          sent: span.messages.filter(({ status }) => status !== 'ERROR').length,
          delivered: span.messages.filter(isDelivered).length,
        })),
      };
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
    const spans = spansOf(sentOf(call, undefined), requiredSeconds(call, 'start'), requiredSeconds(call, 'end'), 'DAILY');
    const points = spans.flatMap(({ start, end, messages }) =>
      templateIds.map((id) => {
        const ofTemplate = messages.filter(({ templateId }) => templateId === id);
        const read = ofTemplate.filter(({ status }) => status === 'READ').length;
        return { template_id: id, start, end, sent: ofTemplate.length, delivered: ofTemplate.filter(isDelivered).length, read };
      }),
    );
    return pageOf(call, [{ granularity: 'DAILY', product_type: 'CLOUD_API', data_points: points }]);
  },
};

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
