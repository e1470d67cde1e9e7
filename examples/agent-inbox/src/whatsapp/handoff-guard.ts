import { HandoffError, type SendGuard } from 'wa-coexist';
import type { HandoffModule } from 'wa-coexist/coexistence';

/** Keys of the bot's messages begin with it. Unlike a function, a key reaches the process that sends the message. */
export const botKeyPrefix = 'bot/';

/** Rejects a message of the bot if a person replies in the meantime. Delays campaigns until then. Lets agents pass. */
export function handoffGuard(handoff: HandoffModule): SendGuard {
  return async (message, context) => {
    const isBot = context.key?.startsWith(botKeyPrefix) ?? false;
    if (!isBot && context.campaignId === undefined) return { verdict: 'pass' };
    const verdict = await handoff.guard(message, context);
    // A late reply of the bot would surprise the customer.
    return isBot && verdict.verdict === 'hold' ? { verdict: 'reject', error: new HandoffError('person-holds') } : verdict;
  };
}
