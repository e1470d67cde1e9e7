import { InvalidResponseError, NetworkError } from '../../errors/connection-errors.js';
import { graphError } from '../../errors/from-graph.js';
import { GraphApiError } from '../../errors/graph-api-error.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import { RestrictedFeatureError, type Restriction } from '../../errors/restricted-feature-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { SentMessage } from '../../messages/send-message.js';
import { defined, isRecord, type JsonObject } from '../../runtime/json.js';
import type { AcceptedSend, RejectedBy, RejectedSend } from '../send-result.js';

/** An outcome as the job keeps it; that of an unknown send is the failure of its job. */
export function recordOf(result: AcceptedSend | RejectedSend): JsonObject {
  // Meta's answer came as JSON.
  if (result.outcome === 'accepted') return { ...result, response: result.response as unknown as JsonObject };
  return { outcome: 'rejected', by: result.by, error: jsonOf(result.error) };
}

/** Reads an outcome, if there is one. */
export function resultOf(record: unknown): AcceptedSend | RejectedSend | undefined {
  if (!isRecord(record)) return undefined;
  if (record.outcome === 'accepted' && typeof record.messageId === 'string') {
    // Written by `recordOf`.
    return { outcome: 'accepted', messageId: record.messageId, response: record.response as SentMessage };
  }
  // Written by `recordOf`.
  if (record.outcome === 'rejected') return { outcome: 'rejected', by: record.by as RejectedBy, error: errorOf(record.error) };
  return undefined;
}

/** The error of an unknown send. */
export function unknownErrorOf(text: string | undefined): Error {
  return new NetworkError(text ?? 'Nobody knows what became of the send.', 'unknown');
}

function jsonOf(error: WhatsAppError): JsonObject {
  const { message, kind } = error;
  if (error instanceof GraphApiError) {
    const { code, subcode, fbtraceId, httpStatus } = error;
    return {
      message,
      code,
      ...(subcode !== undefined && { error_subcode: subcode }),
      ...(fbtraceId !== undefined && { fbtrace_id: fbtraceId }),
      httpStatus,
    };
  }
  if (error instanceof InvalidResponseError) return { message, httpStatus: error.httpStatus };
  if (error instanceof RestrictedFeatureError) {
    const { feature, phoneNumberId } = error;
    const { source, since, note } = error.rule;
    return { message, kind, feature, rule: defined({ source, since, note }), ...defined({ phoneNumberId }) };
  }
  return error instanceof NotSentError ? { message, kind, reason: error.reason } : { message, kind };
}

function errorOf(value: unknown): WhatsAppError {
  const facts = isRecord(value) ? value : {};
  const httpStatus = typeof facts.httpStatus === 'number' ? facts.httpStatus : undefined;
  if (facts.code !== undefined) return graphError(facts, httpStatus === undefined ? {} : { httpStatus });
  const message = typeof facts.message === 'string' ? facts.message : 'The message was refused.';
  if (httpStatus !== undefined) return new InvalidResponseError(message, httpStatus, '');
  if (typeof facts.feature === 'string' && isRecord(facts.rule)) {
    return new RestrictedFeatureError(facts.feature, ruleOf(facts.rule), textOf(facts.phoneNumberId));
  }
  return facts.reason === 'expired' || facts.reason === 'closed' ? new NotSentError(facts.reason) : new NetworkError(message, 'not-sent');
}

function ruleOf({ source, since, note }: Readonly<Record<string, unknown>>): Restriction {
  return { source: textOf(source) ?? '', ...defined({ since: textOf(since), note: textOf(note) }) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
