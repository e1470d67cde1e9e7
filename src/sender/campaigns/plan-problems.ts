import { InvalidMessageError } from '../../errors/usage-errors.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import { checkMessage } from '../../messages/check-message.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { defined } from '../../runtime/json.js';
import type { Client } from '../../client/client.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { askGuards, defaultGuardTimeoutMs, type SendGuard, type SendGuardContext } from '../guard.js';
import type { SendOptions } from '../send-options.js';

/** Messages of a plan that the sender would reject for the same reason. */
export interface SendPlanProblem {
  /** Position of the first of these messages in the source, from 0. */
  readonly index: number;
  /** Key of the first of these messages. */
  readonly key?: string;
  /** Number of messages with this problem. */
  readonly messages: number;
  readonly error: WhatsAppError;
}

/** Finds the messages of a plan that the sender would reject. */
export interface PlanProblems {
  check(message: OutgoingMessage, options: SendOptions): Promise<void>;
  result(): { readonly rejected: number; readonly problems: readonly SendPlanProblem[] };
}

/** The sending number, and the guards that plans run. */
export interface PlanProblemsHost {
  readonly client: Client;
  readonly phoneNumberId: string;
  readonly guards: readonly SendGuard[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Maximum number of different problems in a plan. */
const maxProblems = 100;

/** Checks messages against Meta's rules and with the guards that plans run. */
export function createPlanProblems({ client, guards, clock, logger, phoneNumberId }: PlanProblemsHost): PlanProblems {
  const byText = new Map<string, { -readonly [Name in keyof SendPlanProblem]: SendPlanProblem[Name] }>();
  const deadline = { timeoutMs: defaultGuardTimeoutMs, onClosed: new Set<() => void>() };
  let index = -1;
  let rejected = 0;

  const errorOf = async (message: OutgoingMessage, options: SendOptions): Promise<WhatsAppError | undefined> => {
    try {
      if (client.validate) await checkMessage(message);
    } catch (error) {
      return error instanceof WhatsAppError
        ? error
        : new InvalidMessageError('message', "doesn't have the structure that its type requires");
    }
    if (guards.length === 0) return undefined;
    const { key, campaignId, category, priority = 'low' } = options;
    const context: SendGuardContext = { phoneNumberId, priority, ...defined({ key, campaignId, category }) };
    try {
      const verdict = await askGuards(guards, message, context, clock, deadline);
      return typeof verdict === 'object' && verdict.verdict === 'reject' ? verdict.error : undefined;
    } catch (error) {
      // The sender runs the guard again before it sends.
      logger.warn('sender.guard_failed', { phoneNumberId, error });
      return undefined;
    }
  };
  return {
    async check(message, options) {
      index += 1;
      const error = await errorOf(message, options);
      if (!error) return;
      rejected += 1;
      const known = byText.get(error.message);
      if (known) known.messages += 1;
      else if (byText.size < maxProblems) byText.set(error.message, { index, messages: 1, error, ...defined({ key: options.key }) });
    },
    result: () => ({ rejected, problems: [...byText.values()] }),
  };
}
