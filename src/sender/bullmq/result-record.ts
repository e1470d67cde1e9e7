import { NetworkError } from '../../errors/connection-errors.js';
import { errorFromJson, errorToJson } from '../../errors/error-record.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { SentMessage } from '../../messages/send-message.js';
import { isRecord, type JsonObject } from '../../runtime/json.js';
import type { AcceptedSend, RejectedBy, RejectedSend } from '../send-result.js';

/** Converts an outcome to the return value of its job. An unknown outcome fails the job instead. */
export function recordOf(result: AcceptedSend | RejectedSend): JsonObject {
  if (result.outcome === 'accepted') return { ...result, response: { ...result.response } };
  return { outcome: 'rejected', by: result.by, error: errorToJson(result.error) };
}

/** Reads the outcome of a job, if there is one. */
export function resultOf(record: unknown): AcceptedSend | RejectedSend | undefined {
  if (!isRecord(record)) return undefined;
  if (record.outcome === 'accepted' && typeof record.messageId === 'string') {
    // `recordOf` wrote it.
    return { outcome: 'accepted', messageId: record.messageId, response: record.response as SentMessage };
  }
  // `recordOf` wrote it.
  if (record.outcome === 'rejected') return { outcome: 'rejected', by: record.by as RejectedBy, error: errorFromJson(record.error) };
  return undefined;
}

/** Converts the error of an unknown send to the failure reason of its job. */
export function failedReasonOf(error: Error): string {
  return error instanceof WhatsAppError ? JSON.stringify(errorToJson(error)) : error.message;
}

/** Reads the error of an unknown send. Reasons from BullMQ or from earlier versions are plain text. */
export function unknownErrorOf(failedReason: string | undefined): WhatsAppError {
  if (failedReason?.startsWith('{') === true) {
    try {
      return errorFromJson(JSON.parse(failedReason));
    } catch {
      // The reason is plain text.
    }
  }
  return new NetworkError(failedReason ?? 'The outcome is unknown: Meta may have accepted the message.', 'unknown');
}
