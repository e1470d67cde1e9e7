import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { webhooks } from '../webhooks.ts';

/** What is read of the event of a function URL, or of API Gateway with payload 2.0. */
export type FunctionEvent = Pick<LambdaFunctionURLEvent, 'rawPath' | 'rawQueryString' | 'headers' | 'body' | 'isBase64Encoded'> & {
  readonly requestContext: { readonly domainName: string; readonly http: { readonly method: string } };
};

export async function handler(event: FunctionEvent): Promise<LambdaFunctionURLResult> {
  const { domainName, http } = event.requestContext;
  const headers = new Headers();
  for (const [name, value = ''] of Object.entries(event.headers)) headers.set(name, value);
  // The exact bytes, however the event carries them: Meta signs those.
  const body = event.body === undefined ? undefined : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  const url = `https://${domainName}${event.rawPath}?${event.rawQueryString}`;
  const response = await webhooks.fetch(new Request(url, { method: http.method, headers, ...(body && { body }) }));
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}
