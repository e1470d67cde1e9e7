import { InvalidMessageError } from '../../errors/usage-errors.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import { checkMessage } from '../../messages/check-message.js';
import { longestCallbackData } from './callback-data.js';
import type { Job } from '../queue/job.js';

/** Holds messages against what the sender and Meta ask of them, before they are queued. */
export interface MessageChecks {
  /** Checks a message: at once, or, where the check of its type has to be loaded first, soon. */
  check(job: Job): void;
  /** The check of a message while it is under way: it must not leave before. Never rejects. */
  pending(job: Job): Promise<void> | undefined;
}

/** Calls `onFault` for each message that fails; without `validate` only what the sender itself needs is checked. */
export function createMessageChecks(validate: boolean, onFault: (job: Job, fault: WhatsAppError) => void): MessageChecks {
  const pending = new Map<Job, Promise<void>>();
  const checkByMeta = (job: Job): void => {
    const refuse = (error: unknown): void => {
      onFault(job, faultOf(error));
    };
    try {
      const checking = checkMessage(job.message);
      if (!checking) return;
      const checked = checking.catch(refuse).finally(() => {
        pending.delete(job);
      });
      pending.set(job, checked);
    } catch (error) {
      refuse(error);
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
  if (own > longestCallbackData) {
    const rule = `has ${String(own)} characters, but a sender allows ${String(longestCallbackData)}, because it adds its own ID`;
    return new InvalidMessageError('biz_opaque_callback_data', rule, longestCallbackData);
  }
  return undefined;
}

/** A check may also fail over what callers without types leave out. */
function faultOf(error: unknown): WhatsAppError {
  return error instanceof WhatsAppError ? error : new InvalidMessageError('message', "doesn't have the structure that its type requires");
}
