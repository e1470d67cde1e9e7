import { expect, test } from 'vitest';
import { createClient } from 'wa-coexist';
import { getConversationAnalytics } from '../../src/analytics/get-conversation-analytics.js';
import { getMessageAnalytics } from '../../src/analytics/get-message-analytics.js';
import { getPricingAnalytics } from '../../src/analytics/get-pricing-analytics.js';
import { listTemplateAnalytics } from '../../src/analytics/list-template-analytics.js';
import { collect, recordMeta } from '../meta/recorder.js';

const startAt = new Date('2026-03-01T00:00:00.900Z');
const endAt = new Date('2026-03-02T00:00:00Z');
const setUp = (...answers: object[]) => {
  const { fetch, requests } = recordMeta(...answers);
  return { client: createClient({ accessToken: 'token', wabaId: '102290129340398', fetch }), requests };
};

test('message analytics send whole seconds, and omit absent parameters', async () => {
  const analytics = { granularity: 'DAY', data_points: [{ start: 1, end: 2, sent: 3, delivered: 2 }] };
  const { client, requests } = setUp({ analytics, id: '102290129340398' });
  expect(await getMessageAnalytics(client, { startAt, endAt, granularity: 'DAY' })).toEqual(analytics);
  expect(requests).toMatchObject([
    { method: 'GET', path: '/v26.0/102290129340398', query: { fields: 'analytics.start(1772323200).end(1772409600).granularity(DAY)' } },
  ]);
});

test('message analytics are limited to phone numbers, product types and countries', async () => {
  const { client, requests } = setUp({ id: '102290129340398' });
  const parameters = {
    startAt,
    endAt,
    granularity: 'HALF_HOUR',
    phoneNumbers: ['15550100123'],
    productTypes: [0, 2],
    countryCodes: ['US'],
  } as const;
  expect(await getMessageAnalytics(client, parameters)).toEqual({ data_points: [] });
  expect(requests[0]?.query.fields).toBe(
    'analytics.start(1772323200).end(1772409600).granularity(HALF_HOUR).phone_numbers(["15550100123"]).product_types([0,2]).country_codes(["US"])',
  );
});

test('conversation analytics send their query and return the data', async () => {
  const points = [{ start: 1, end: 2, conversation: 3, cost: 0.5 }];
  const { client, requests } = setUp({ conversation_analytics: { data: [{ data_points: points }] }, id: '1' }, { id: '1' });
  const parameters = {
    startAt,
    endAt,
    granularity: 'DAILY',
    conversationTypes: ['REGULAR'],
    conversationCategories: ['SERVICE'],
    conversationDirections: ['USER_INITIATED'],
    metricTypes: ['COST'],
    dimensions: ['COUNTRY'],
  } as const;
  expect(await getConversationAnalytics(client, parameters)).toEqual(points);
  expect(await getConversationAnalytics(client, { startAt, endAt, granularity: 'MONTHLY' })).toEqual([]);
  expect(requests.map((request) => request.query.fields)).toEqual([
    'conversation_analytics.start(1772323200).end(1772409600).granularity(DAILY).metric_types(["COST"]).conversation_categories(["SERVICE"]).conversation_types(["REGULAR"]).conversation_directions(["USER_INITIATED"]).dimensions(["COUNTRY"])',
    'conversation_analytics.start(1772323200).end(1772409600).granularity(MONTHLY)',
  ]);
});

test('pricing analytics send their query and return the data', async () => {
  const points = [{ start: 1, end: 2, volume: 3, cost: 0.5, tier: '0:MAX' }];
  const { client, requests } = setUp({ pricing_analytics: { data: [{ data_points: points }, { data_points: [] }] }, id: '1' });
  const parameters = {
    startAt,
    endAt,
    granularity: 'MONTHLY',
    pricingTypes: ['REGULAR'],
    pricingCategories: ['MARKETING'],
    metricTypes: ['VOLUME'],
    dimensions: ['TIER'],
  } as const;
  expect(await getPricingAnalytics(client, parameters)).toEqual(points);
  expect(requests[0]?.query.fields).toBe(
    'pricing_analytics.start(1772323200).end(1772409600).granularity(MONTHLY).metric_types(["VOLUME"]).pricing_categories(["MARKETING"]).pricing_types(["REGULAR"]).dimensions(["TIER"])',
  );
});

test('template analytics iterate over all pages', async () => {
  const day = (template_id: string) => ({ granularity: 'DAILY', data_points: [{ template_id, start: 1, end: 2, read: 1 }] });
  const { client, requests } = setUp(
    { data: [day('1')], paging: { cursors: { after: 'A1' }, next: 'https://graph.facebook.com/next' } },
    { data: [day('2')], paging: { cursors: { after: 'A2' } } },
  );
  const parameters = {
    startAt,
    endAt,
    templateIds: ['1', '2'],
    metricTypes: ['READ'],
    productType: 'CLOUD_API',
    useWabaTimezone: true,
  } as const;
  const days = await collect(listTemplateAnalytics(client, parameters));
  expect(days.flatMap((group) => group.data_points.map((point) => point.template_id))).toEqual(['1', '2']);
  const query = {
    start: '1772323200',
    end: '1772409600',
    granularity: 'DAILY',
    template_ids: '["1","2"]',
    metric_types: '["READ"]',
    product_type: 'CLOUD_API',
    use_waba_timezone: 'true',
  };
  expect(requests.map((request) => [request.path, request.query])).toEqual([
    ['/v26.0/102290129340398/template_analytics', query],
    ['/v26.0/102290129340398/template_analytics', { ...query, after: 'A1' }],
  ]);
});
