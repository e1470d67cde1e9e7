import { Buffer } from 'node:buffer';
import { checkedCopy, checkOneOf } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { isRecord } from '../../runtime/json.js';
import { parseAwsEnvelope } from '../aws-envelope.js';
import { parseJsonBody } from '../json-body.js';
import type { WebhookDelivery, Webhooks } from '../webhooks-options.js';

/** The HTTP response of a function to a function URL, API Gateway or a load balancer. */
export interface LambdaHttpResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  /** Set if the load balancer sends multi-value headers, because it then ignores `headers`. */
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** The result for an SQS batch: the messages that SQS delivers again. */
export interface LambdaBatchResult {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** A function of AWS Lambda. The event decides the type of the result. */
export type LambdaHandler = <Event>(
  event: Event,
) => Promise<Event extends { readonly Records: unknown } ? LambdaBatchResult : LambdaHttpResult>;

/** Options of {@link toLambdaHandler}. */
export interface LambdaHandlerOptions {
  /**
   * What happens if messages of a queue fail. `throw`: the function fails, and SQS delivers the whole batch again. `report`: the
   * function returns the failed messages. Enable `ReportBatchItemFailures` in the event source mapping first, because SQS otherwise
   * deletes them.
   * @defaultValue `'throw'`
   */
  readonly batchFailures?: 'throw' | 'report' | undefined;
}

/**
 * Creates a handler for AWS Lambda. It accepts the events of:
 *
 * - function URLs and HTTP APIs (payload 2.0), REST APIs (payload 1.0) and load balancers. It decodes base64 bodies.
 * - SQS and SNS, with deliveries of `mode: 'enqueue'`, or with events of AWS End User Messaging Social. AWS verifies these messages, so
 *   the handler checks no signature. Give only your own queues and topics access to the function.
 *
 * A function freezes after its result. Use `mode: 'handle'` (the default) or `mode: 'enqueue'`. The inbox needs a process that continues
 * to run.
 *
 * Source: AWS, Lambda developer guide, Function URLs, API Gateway, ALB and SQS (read in Nov 2026).
 *
 * @param webhooks - A receiver of `createWebhooks`.
 * @param options - How to report failed messages of a queue. See {@link LambdaHandlerOptions}.
 * @returns the handler. It rejects with a `DeliveryNotHandledError` if events of a queue failed, and with an
 *   `InvalidArgumentError` for other events.
 *
 * @example
 * ```ts
 * import { createWebhooks } from 'wa-coexist/webhooks';
 * import { toLambdaHandler } from 'wa-coexist/webhooks/node';
 *
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * export const handler = toLambdaHandler(webhooks);
 * ```
 */
export function toLambdaHandler(webhooks: Pick<Webhooks, 'fetch' | 'process'>, options: LambdaHandlerOptions = {}): LambdaHandler {
  const { batchFailures = 'throw' } = checkedCopy(owner, options, (copy) => {
    checkOneOf(owner, 'batchFailures', copy.batchFailures, ['throw', 'report']);
  });
  const handle = async (event: unknown): Promise<LambdaHttpResult | LambdaBatchResult> => {
    if (isRecord(event) && Array.isArray(event['Records'])) return handleBatch(webhooks, event['Records'], batchFailures);
    const request = isRecord(event) ? readHttpEvent(event) : undefined;
    if (!isRecord(event) || !request) throw new InvalidArgumentError(owner, 'event', 'must be an event of HTTP, SQS or SNS');
    return toResult(event, await webhooks.fetch(request));
  };
  // The type of the event decides between the two results.
  return handle as LambdaHandler;
}

const owner = 'toLambdaHandler';

/** Returns the request of an HTTP event, or `undefined` for another event. */
function readHttpEvent(event: Readonly<Record<string, unknown>>): Request | undefined {
  const context = recordOf(event['requestContext']);
  const { method = event['httpMethod'] } = recordOf(context['http']);
  if (typeof method !== 'string') return undefined;
  const headers = new Headers();
  for (const [name, value] of pairsOf(event['headers'], event['multiValueHeaders'])) {
    try {
      headers.append(name, value);
    } catch {
      // HTTP doesn't allow this name or value.
    }
  }
  const path = textOf(event['rawPath']) ?? textOf(event['path']) ?? '/';
  const host = textOf(context['domainName']) ?? headers.get('host') ?? 'lambda.invalid';
  const url = `${/^[\w.:-]+$/.test(host) ? `https://${host}` : 'https://lambda.invalid'}/${path.replace(/^\/+/, '')}?${queryOf(event, context)}`;
  // Signatures need the exact bytes.
  const body = Buffer.from(textOf(event['body']) ?? '', event['isBase64Encoded'] === true ? 'base64' : 'utf8');
  // The receiver responds to all other methods in the same way, and a Request doesn't support some of them.
  if (method !== 'POST') return new Request(url, { method: method === 'GET' ? 'GET' : 'PUT', headers });
  headers.delete('content-length');
  return new Request(url, { method, headers, body });
}

/** Returns the query as text. API Gateway decodes parameters of payload 1.0, and a load balancer doesn't. */
function queryOf(event: Readonly<Record<string, unknown>>, context: Readonly<Record<string, unknown>>): string {
  const raw = textOf(event['rawQueryString']);
  if (raw !== undefined) return raw;
  const pairs = pairsOf(event['queryStringParameters'], event['multiValueQueryStringParameters']);
  if (context['elb'] === undefined) return new URLSearchParams(pairs).toString();
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** Returns the names and values of an event. The lists contain all values, so they replace the single values. */
function pairsOf(single: unknown, multiple: unknown): [string, string][] {
  const members = isRecord(multiple) ? multiple : recordOf(single);
  return Object.entries(members).flatMap(([name, values]) =>
    [values].flat().flatMap((value): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

async function toResult(event: Readonly<Record<string, unknown>>, response: Response): Promise<LambdaHttpResult> {
  const headers = Object.fromEntries(response.headers);
  const isMultiValue = isRecord(event['multiValueHeaders']) && recordOf(event['requestContext'])['elb'] !== undefined;
  return {
    statusCode: response.status,
    headers,
    ...(isMultiValue && { multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])) }),
    body: await response.text(),
    isBase64Encoded: false,
  };
}

async function handleBatch(
  webhooks: Pick<Webhooks, 'process'>,
  records: readonly unknown[],
  batchFailures: 'throw' | 'report',
): Promise<LambdaBatchResult> {
  const results = await Promise.allSettled(records.map(async (record) => webhooks.process(readRecord(record))));
  const failures = results.flatMap((result, index) =>
    result.status === 'rejected'
      ? [{ itemIdentifier: textOf(recordOf(records[index])['messageId']), reason: result.reason as unknown }]
      : [],
  );
  const [first] = failures;
  if (first && (batchFailures === 'throw' || failures.some(({ itemIdentifier }) => itemIdentifier === undefined))) throw first.reason;
  return { batchItemFailures: failures.flatMap(({ itemIdentifier }) => (itemIdentifier === undefined ? [] : [{ itemIdentifier }])) };
}

/** Returns the delivery in a message of a queue or topic. @throws `InvalidArgumentError` if it contains none. */
function readRecord(record: unknown): WebhookDelivery {
  const body = parseAwsEnvelope(record);
  if (body.entry.length > 0) return { body };
  const { body: text, Sns: notification } = recordOf(record);
  const message = textOf(text) ?? textOf(recordOf(notification)['Message']);
  let delivery: unknown;
  try {
    delivery = parseJsonBody(message ?? '');
    // SNS wraps messages to SQS, unless raw message delivery is on.
    if (isRecord(delivery) && delivery['Type'] === 'Notification') delivery = parseJsonBody(textOf(delivery['Message']) ?? '');
  } catch {
    delivery = undefined;
  }
  if (isRecord(delivery) && isRecord(delivery['body'])) {
    const { body: inner, id, receivedAt, secretIndex } = delivery;
    return {
      body: inner,
      id: textOf(id),
      receivedAt: textOf(receivedAt),
      secretIndex: typeof secretIndex === 'number' ? secretIndex : undefined,
    };
  }
  throw new InvalidArgumentError(owner, 'event.Records', "must contain deliveries of mode 'enqueue' or of AWS End User Messaging Social");
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
