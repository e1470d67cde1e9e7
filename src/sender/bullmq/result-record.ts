import { NetworkError } from '../../errors/connection-errors.js';
import { errorFromJson, errorToJson } from '../../errors/error-record.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { SentMessage } from '../../messages/send-message.js';
import { isRecord, type JsonObject } from '../../runtime/json.js';
import type { AcceptedSend, RejectedBy, RejectedSend } from '../send-result.js';

/** An outcome as the job keeps it; that of an unknown send is the failure of its job. */
export function recordOf(result: AcceptedSend | RejectedSend): JsonObject {
  if (result.outcome === 'accepted') return { ...result, response: { ...result.response } };
  return { outcome: 'rejected', by: result.by, error: errorToJson(result.error) };
}

/** Reads an outcome, if there is one. */
export function resultOf(record: unknown): AcceptedSend | RejectedSend | undefined {
  if (!isRecord(record)) return undefined;
  if (record.outcome === 'accepted' && typeof record.messageId === 'string') {
    // Written by `recordOf`.
    return { outcome: 'accepted', messageId: record.messageId, response: record.response as SentMessage };
  }
  // Written by `recordOf`.
  if (record.outcome === 'rejected') return { outcome: 'rejected', by: record.by as RejectedBy, error: errorFromJson(record.error) };
  return undefined;
}

/** The error of an unknown send, as the reason for which its job failed. */
export function failedReasonOf(error: Error): string {
  return error instanceof WhatsAppError ? JSON.stringify(errorToJson(error)) : error.message;
}

/** The error of an unknown send. Reasons that BullMQ or an earlier version wrote are plain text. */
export function unknownErrorOf(failedReason: string | undefined): WhatsAppError {
  if (failedReason?.startsWith('{') === true) {
    try {
      return errorFromJson(JSON.parse(failedReason));
    } catch {
      // Plain text after all.
    }
  }
  return new NetworkError(failedReason ?? 'The outcome is unknown: Meta may have accepted the message.', 'unknown');
}
