import { expect, test } from 'vitest';
import { expectFaithfulDeliveries, recordingWebhooks, verifyToken, type Post } from './deliveries.js';

/** What API Gateway (payload 2.0) and function URLs hand a Lambda, as far as a webhook needs it. */
interface LambdaEvent {
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** The handler as the guide prints it. */
function lambdaHandler(fetch: (request: Request) => Promise<Response>) {
  return async (event: LambdaEvent) => {
    const { method } = event.requestContext.http;
    const body = event.body === undefined ? undefined : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
    const request = new Request(`https://lambda.invalid/?${event.rawQueryString}`, {
      method,
      headers: event.headers,
      ...(body && method !== 'GET' && { body }),
    });
    const response = await fetch(request);
    return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  };
}

test.each([true, false])('AWS Lambda, body in base64: %s', async (isBase64Encoded) => {
  const { webhooks, texts } = recordingWebhooks();
  const handler = lambdaHandler(webhooks.fetch);
  const handshake = await handler({
    requestContext: { http: { method: 'GET' } },
    rawQueryString: `hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=1158201444`,
    headers: {},
    isBase64Encoded: false,
  });
  expect(handshake).toMatchObject({ statusCode: 200, body: '1158201444' });
  const post: Post = async (body, headers) => {
    const { statusCode } = await handler({
      requestContext: { http: { method: 'POST' } },
      rawQueryString: '',
      headers: { 'content-type': 'application/json', ...headers },
      body: isBase64Encoded ? Buffer.from(body).toString('base64') : body,
      isBase64Encoded,
    });
    return { status: statusCode };
  };
  await expectFaithfulDeliveries(texts, post);
});
