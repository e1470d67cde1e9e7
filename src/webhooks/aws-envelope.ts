import { argumentError } from '../errors/check-options.js';
import { isRecord } from '../runtime/json.js';
import { cleanBody, parseJsonBody } from './json-body.js';

/** A delivery in Meta's format. */
export interface WebhookDeliveryBody {
  readonly object: 'whatsapp_business_account';
  readonly entry: readonly unknown[];
}

/** Members of events of SNS, SQS, Lambda and EventBridge that contain another envelope, as an object or as JSON. */
const wrappers = ['Records', 'Sns', 'Message', 'body', 'detail'];
const maxDepth = 8;

/**
 * Unwraps deliveries from AWS End User Messaging Social. AWS receives Meta's webhooks and publishes each entry in
 * `whatsAppWebhookEntry`. Pass the result to `webhooks.process` or {@link parseWebhook}. AWS signs its own messages. Verify the SNS signature,
 * or receive the messages through a queue or function in your AWS account.
 *
 * Source: AWS, End User Messaging Social user guide, Message and event format (read in Nov 2026).
 *
 * @param envelope - The message from AWS, an SNS notification, or the event of a Lambda function with records of SNS or SQS, parsed or as JSON.
 * @returns the entries as one delivery from Meta. It has no entries if the envelope contains none.
 * @throws `InvalidArgumentError` if a getter of the envelope throws.
 *
 * @example
 * ```ts
 * import { createWebhooks, parseAwsEnvelope } from 'wa-coexist/webhooks';
 *
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * export async function handler(event: unknown): Promise<void> {
 *   await webhooks.process({ body: parseAwsEnvelope(event) });
 * }
 * ```
 */
export function parseAwsEnvelope(envelope: unknown): WebhookDeliveryBody {
  const entry: unknown[] = [];
  try {
    collect(envelope, 0, entry);
    // Lambda itself may have parsed envelopes. The copy has the same members.
    return cleanBody({ object: 'whatsapp_business_account', entry }) as WebhookDeliveryBody;
  } catch (error) {
    throw argumentError('parseAwsEnvelope', 'envelope', error);
  }
}

function collect(envelope: unknown, depth: number, entries: unknown[]): void {
  const part = typeof envelope === 'string' ? parsed(envelope) : envelope;
  if (depth > maxDepth) return;
  if (Array.isArray(part)) {
    for (const item of part) collect(item, depth + 1, entries);
  } else if (isRecord(part)) {
    const { whatsAppWebhookEntry: found } = part;
    const entry = typeof found === 'string' ? parsed(found) : found;
    if (isRecord(entry)) entries.push(entry);
    else if (Array.isArray(entry)) for (const one of entry) entries.push(one);
    else for (const name of wrappers) collect(part[name], depth + 1, entries);
  }
}

function parsed(text: string): unknown {
  try {
    return parseJsonBody(text);
  } catch {
    return undefined;
  }
}
