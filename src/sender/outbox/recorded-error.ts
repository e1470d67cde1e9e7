import { InvalidResponseError } from '../../errors/connection-errors.js';
import { graphError } from '../../errors/from-graph.js';
import { GraphApiError } from '../../errors/graph-api-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import { isRecord, type JsonObject } from '../../runtime/json.js';

/** A refusal of Meta's as a record holds it. */
export function jsonOfError(error: WhatsAppError): JsonObject {
  const { message } = error;
  if (error instanceof GraphApiError) {
    const { code, subcode, fbtraceId, httpStatus } = error;
    return { message, code, error_subcode: subcode, fbtrace_id: fbtraceId, httpStatus };
  }
  return error instanceof InvalidResponseError ? { message, httpStatus: error.httpStatus } : { message };
}

/** The refusal that a record holds. */
export function errorOfJson(value: unknown): WhatsAppError {
  const facts = isRecord(value) ? value : {};
  const httpStatus = typeof facts.httpStatus === 'number' ? facts.httpStatus : undefined;
  if (facts.code !== undefined) return graphError(facts, httpStatus === undefined ? {} : { httpStatus });
  return new InvalidResponseError(typeof facts.message === 'string' ? facts.message : 'Meta refused the message.', httpStatus ?? 400, '');
}
