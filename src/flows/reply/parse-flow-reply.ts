import { checkObject } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { validateStandard } from '../../errors/validate-standard.js';
import { isRecord } from '../../runtime/json.js';
import { isStandardSchema, type StandardSchema } from '../../runtime/standard-schema.js';
import type { IncomingMessage } from '../../webhooks/events/message-content.js';
import { readFlow } from '../../webhooks/filters/message-filter.js';

/** A problem that a schema found. */
export interface FlowIssue {
  readonly message: string;
}

/**
 * Answers of a Flow, discriminated by `type`.
 *
 * - `valid`: the answers match the schema. `data` is its output.
 * - `invalid`: the answers don't match. `issues` contains the problems.
 * - `unreadable`: the message answers a Flow, but its `response_json` is no JSON object.
 * - `other`: the message doesn't answer a Flow.
 */
export type FlowReply<Data = Readonly<Record<string, unknown>>> =
  | { readonly type: 'valid'; readonly data: Data; readonly flowToken: string | undefined }
  | { readonly type: 'invalid'; readonly issues: readonly FlowIssue[]; readonly answers: unknown; readonly flowToken: string | undefined }
  | { readonly type: 'unreadable' }
  | { readonly type: 'other' };

/**
 * Reads the answers of a Flow from a message. Without a schema, any JSON object is valid.
 *
 * The answers come from the customer's device: check them before you use them. `flowToken` is the token of the message
 * that opened the Flow. It is the customer's copy, so compare it with the one that you stored.
 *
 * Source: Meta, Receiving Flow response (Dec 2025).
 *
 * @param message - `event.message` of a `message` event.
 * @param schema - A schema that implements Standard Schema, for example of Zod, Valibot or ArkType.
 * @returns See {@link FlowReply}.
 * @throws `InvalidArgumentError` if the schema isn't a Standard Schema, and the errors that the schema throws
 *
 * @example
 * ```ts
 * import { parseFlowReply } from 'wa-coexist/flows';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * webhooks.on('message', async ({ message }) => {
 *   const reply = await parseFlowReply(message);
 *   if (reply.type === 'valid') console.log(reply.flowToken, Object.keys(reply.data));
 * });
 * ```
 */
export function parseFlowReply<Data>(message: IncomingMessage, schema: StandardSchema<unknown, Data>): Promise<FlowReply<Data>>;
/**
 * Reads the reply of a Flow without a schema, so the values of `data` have no types.
 *
 * @param message - `event.message` of a `message` event.
 * @returns the reply
 * @throws the same errors as with a schema
 */
export function parseFlowReply(message: IncomingMessage): Promise<FlowReply>;
export async function parseFlowReply(message: IncomingMessage, schema?: StandardSchema): Promise<FlowReply<unknown>> {
  checkObject('parseFlowReply', 'message', message);
  if (schema !== undefined && !isStandardSchema(schema)) {
    throw new InvalidArgumentError('parseFlowReply', 'schema', 'must implement Standard Schema, as those of Zod, Valibot and ArkType do');
  }
  if (!answersFlow(message)) return { type: 'other' };
  const found = readFlow(message);
  if (!found) return { type: 'unreadable' };
  const { data: answers, flowToken } = found;
  if (!schema) return { type: 'valid', data: answers, flowToken };
  const result = await validateStandard('parseFlowReply', schema, answers);
  return result.issues ? { type: 'invalid', issues: result.issues, answers, flowToken } : { type: 'valid', data: result.value, flowToken };
}

/** Callers without TypeScript may pass a message that no receiver checked. */
function answersFlow(message: IncomingMessage): boolean {
  const interactive: unknown = message.type === 'interactive' ? message.interactive : undefined;
  const reply = isRecord(interactive) ? interactive.nfm_reply : undefined;
  return isRecord(reply) && (reply.name === undefined || reply.name === 'flow');
}
