import { InvalidMessageError } from '../../errors/usage-errors.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import { checkMessage } from '../../messages/check-message.js';
import { maxCallbackDataLength } from './callback-data.js';
import type { Job } from '../queue/job.js';

/** Validates messages against the rules of the sender and of Meta, before they are queued. */
export interface MessageChecks {
  /** Checks a message: synchronously, or soon if the check of its type has to be loaded first. */
  check(job: Job): void;
  /** The check of a message while it is in progress. The message must not be sent before. Never rejects. */
  pending(job: Job): Promise<void> | undefined;
}

/** Calls `onFault` for each invalid message. Without `validate`, checks only the members that the sender needs. */
export function createMessageChecks(validate: boolean, onFault: (job: Job, fault: WhatsAppError) => void): MessageChecks {
  const pending = new Map<Job, Promise<void>>();
  const checkByMeta = (job: Job): void => {
    const reject = (error: unknown): void => {
      onFault(job, faultOf(error));
    };
    try {
      const checking = checkMessage(job.message);
      if (!checking) return;
      const checked = checking.catch(reject).finally(() => {
        pending.delete(job);
      });
      pending.set(job, checked);
    } catch (error) {
      reject(error);
    }
  };
  return {
    check(job) {
      const fault = faultForSender(job);
      if (fault) onFault(job, fault);
      else if (validate) checkByMeta(job);
    },
    pending: (job) => pending.get(job),
  };
}

function faultForSender({ message }: Job): WhatsAppError | undefined {
  const own = message.biz_opaque_callback_data?.length ?? 0;
  if (own > maxCallbackDataLength) {
    const rule = `has ${String(own)} characters, but a sender allows ${String(maxCallbackDataLength)}, because it adds its own ID`;
    return new InvalidMessageError('biz_opaque_callback_data', rule, maxCallbackDataLength);
  }
  return undefined;
}

/** A check can also throw if callers without types omit members. */
function faultOf(error: unknown): WhatsAppError {
  return error instanceof WhatsAppError ? error : new InvalidMessageError('message', "doesn't have the structure that its type requires");
}
