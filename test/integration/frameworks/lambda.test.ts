import { describe, expect, test } from 'vitest';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { createWebhooks, DeliveryNotHandledError, type WebhookDelivery } from 'wa-coexist/webhooks';
import { toLambdaHandler } from 'wa-coexist/webhooks/node';
import { appSecret, expectFaithfulDeliveries, recordingWebhooks, verifyToken, type Post } from './deliveries.js';

interface Http {
  readonly method: 'GET' | 'POST';
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

const lists = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
const encoded = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encodeURIComponent(value)]));

/** The events of AWS, with the members that webhooks need. */
const events: Readonly<Record<string, (http: Http) => object>> = {
  'a function URL or HTTP API (payload 2.0)': ({ method, query, ...rest }) => ({
    version: '2.0',
    ...rest,
    rawPath: '/webhook',
    rawQueryString: new URLSearchParams(query).toString(),
    requestContext: { domainName: 'abc.lambda-url.eu-central-1.on.aws', http: { method, path: '/webhook' } },
  }),
  'a REST API (payload 1.0)': ({ method, query, headers, ...rest }) => ({
    ...rest,
    httpMethod: method,
    path: '/webhook',
    headers,
    multiValueHeaders: lists(headers),
    queryStringParameters: method === 'GET' ? query : null,
    multiValueQueryStringParameters: method === 'GET' ? lists(query) : null,
    requestContext: { domainName: 'abc.execute-api.eu-central-1.amazonaws.com' },
  }),
  'a load balancer': ({ method, query, ...rest }) => ({
    ...rest,
    httpMethod: method,
    path: '/webhook',
    // A load balancer doesn't decode parameters.
    queryStringParameters: encoded(query),
    requestContext: { elb: { targetGroupArn: 'arn' } },
  }),
  'a load balancer with multi-value headers': ({ method, query, headers, ...rest }) => ({
    ...rest,
    httpMethod: method,
    path: '/webhook',
    multiValueHeaders: lists(headers),
    multiValueQueryStringParameters: lists(encoded(query)),
    requestContext: { elb: { targetGroupArn: 'arn' } },
  }),
};

describe.each(Object.entries(events))('toLambdaHandler with %s', (name, toEvent) => {
  test.each([true, false])('receives deliveries, base64: %s', async (isBase64Encoded) => {
    const { webhooks, texts } = recordingWebhooks();
    const handler = toLambdaHandler(webhooks);
    const query = { 'hub.mode': 'subscribe', 'hub.verify_token': verifyToken, 'hub.challenge': '1158 & 201444' };
    const handshake = await handler(toEvent({ method: 'GET', query, headers: {}, body: null, isBase64Encoded: false }));
    expect(handshake).toMatchObject({ statusCode: 200, body: '1158 & 201444', isBase64Encoded: false });
    if (name.includes('balancer with multi')) expect(handshake.multiValueHeaders?.['content-type']?.[0]).toMatch(/^text\/plain/);
    else expect(handshake.headers['content-type']).toMatch(/^text\/plain/);
    const post: Post = async (body, headers) => {
      const text = isBase64Encoded ? Buffer.from(body).toString('base64') : body;
      const all = { 'content-type': 'application/json', 'content-length': '7', ...headers };
      const { statusCode } = await handler(toEvent({ method: 'POST', query: {}, headers: all, body: text, isBase64Encoded }));
      return { status: statusCode };
    };
    await expectFaithfulDeliveries(texts, post);
  });
});

describe('toLambdaHandler with a queue', () => {
  /** Returns deliveries that a receiver with `mode: 'enqueue'` added to its queue, one per text. */
  async function queued(...texts: readonly string[]): Promise<readonly WebhookDelivery[]> {
    const fake = createFakeCloudApi({ appSecret, verifyToken });
    const sent: WebhookDelivery[] = [];
    const webhooks = createWebhooks({ appSecret, verifyToken, mode: 'enqueue', enqueue: (delivery) => void sent.push(delivery) });
    fake.deliverTo(webhooks.fetch);
    const { phoneNumberId } = fake.coexistenceNumber();
    for (const text of texts) fake.customer('15550100987').send(phoneNumberId, text);
    await fake.settled();
    await fake.close();
    return texts.map((text) => sent.find(({ body }) => JSON.stringify(body).includes(text))!);
  }

  test('handles deliveries of SQS, of SNS, and of SNS through SQS', async () => {
    const { webhooks, texts } = recordingWebhooks();
    const handler = toLambdaHandler(webhooks);
    const [one, two, three] = await queued('one', 'two', 'three');
    expect(await handler({ Records: [{ messageId: '1', body: JSON.stringify(one) }] })).toEqual({ batchItemFailures: [] });
    await handler({ Records: [{ Sns: { Message: JSON.stringify(two) } }] });
    await handler({ Records: [{ messageId: '3', body: JSON.stringify({ Type: 'Notification', Message: JSON.stringify(three) }) }] });
    expect(texts).toEqual(['one', 'two', 'three']);
  });

  test('handles events of AWS End User Messaging Social', async () => {
    const { webhooks, texts } = recordingWebhooks();
    const [delivery] = await queued('from AWS');
    const entry = JSON.stringify((delivery?.body as { entry: readonly unknown[] }).entry[0]);
    await toLambdaHandler(webhooks)({ Records: [{ Sns: { Message: JSON.stringify({ whatsAppWebhookEntry: entry }) } }] });
    expect(texts).toEqual(['from AWS']);
  });

  test('a failed message fails the function, or is reported, and the others are handled', async () => {
    const { webhooks, texts } = recordingWebhooks();
    webhooks.on('message', ({ message }) => {
      if (message.type === 'text' && message.text.body === 'bad') throw new Error('no database');
    });
    const names = ['good', 'bad'];
    const records = (await queued(...names)).map((delivery, index) => ({ messageId: names[index], body: JSON.stringify(delivery) }));
    await expect(toLambdaHandler(webhooks)({ Records: records })).rejects.toThrow(DeliveryNotHandledError);
    const report = toLambdaHandler(webhooks, { batchFailures: 'report' });
    expect(await report({ Records: records })).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
    expect(texts.filter((text) => text === 'good')).toHaveLength(1);
    // Without an ID, SQS could not redeliver the message.
    await expect(report({ Records: [{ body: records[1]!.body }] })).rejects.toThrow(DeliveryNotHandledError);
    await expect(report({ Records: [{ body: '{}' }] })).rejects.toThrow(/AWS End User Messaging/);
  });

  test.each([[null], [undefined], ['text'], [[]], [{}], [{ source: 'aws.events', detail: {} }]])(
    'another event %j is an error',
    async (event) => {
      const { webhooks } = recordingWebhooks();
      await expect(toLambdaHandler(webhooks)(event)).rejects.toThrow(/toLambdaHandler/);
    },
  );

  test('a wrong option is an error', () => {
    const { webhooks } = recordingWebhooks();
    expect(() => toLambdaHandler(webhooks, { batchFailures: 'ignore' as never })).toThrow(/batchFailures/);
  });
});
