import type { Client } from '../../client/client.js';
import { checkFunction, checkNumber } from '../../errors/check-options.js';
import { getPhoneNumber } from '../../phone-numbers/get-phone-number.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { within } from '../../runtime/within.js';
import { checkFrom, checkItem } from '../attempts/check-send.js';
import { defaultGuardTimeoutMs, type SendGuard } from '../guard.js';
import { recipientOfMessage, type SenderPeople } from '../queue/sender-people.js';
import type { SendItem } from '../send-options.js';
import { createPlanProblems, type SendPlanProblem } from './plan-problems.js';

/** Options of {@link Sender.plan}. */
export interface PlanOptions {
  /** The number that would send. @defaultValue the client's */
  readonly from?: string | undefined;
  /**
   * Whether the service window of a recipient is open now. A window counts as closed if this throws, or takes more than 10 seconds.
   * @defaultValue all windows are closed, which is the worst case
   */
  readonly isWindowOpen?: ((recipient: string) => boolean | Promise<boolean>) | undefined;
  /** Number of customers outside the service window that the portfolio may contact in 24 hours. @defaultValue read from the number */
  readonly messagingLimit?: number | undefined;
}

/** The estimate of a campaign. */
export interface SendPlan {
  readonly messages: number;
  readonly recipients: number;
  /** Messages per second that the number can send now. */
  readonly perSecond: number;
  /** Milliseconds until the last message, based on the number's queue, the rate, and the recipient with the most messages. */
  readonly durationMs: number;
  /** Messages to customers whose service window is closed. */
  readonly outsideWindow: {
    /** Customers, each of whom counts towards the messaging limit once in 24 hours. */
    readonly recipients: number;
    /** Messages that aren't templates. Meta rejects them (131047). */
    readonly notTemplates: number;
  };
  readonly messagingLimit: {
    /** Customers per 24 hours for the whole portfolio. `Infinity` if there is no limit, and absent if Meta doesn't report it. */
    readonly limit?: number;
    /** Customers above the limit, if none of it was used in the last 24 hours. Meta doesn't report how much was used. */
    readonly beyond: number;
  };
  /** Messages that the sender would reject before the request: by Meta's rules, or by a guard with `inPlans` such as a template catalog. */
  readonly rejected: number;
  /** Their problems, at most 100 different ones, in the order of the source. */
  readonly problems: readonly SendPlanProblem[];
}

/** What is known of the number that would send. */
export interface PlanHost {
  readonly client: Client;
  readonly phoneNumberId: string;
  readonly policy: CoexistencePolicy;
  readonly perSecond: number;
  readonly queued: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly people: Pick<SenderPeople, 'queueName' | 'identify'>;
  /** Guards that plans ask. */
  readonly guards: readonly SendGuard[];
}

/** What a plan knows of a recipient. */
interface PlannedRecipient {
  /** One message to the recipient. */
  readonly message: OutgoingMessage;
  readonly isOpen: boolean;
  messages: number;
  /** Messages that are no templates. */
  texts: number;
}

/** People are looked up so many at a time. */
const lookUpsAtOnce = 100;

/** Checks what callers without types may pass. @throws `InvalidArgumentError` */
export function checkPlanOptions(options: PlanOptions): void {
  checkFrom('plan', options.from);
  checkFunction('plan', 'isWindowOpen', options.isWindowOpen);
  // Plans name a limit that is none `Infinity`.
  if (options.messagingLimit === Infinity) return;
  checkNumber('plan', 'messagingLimit', options.messagingLimit, { min: 0 });
}

/** Goes through a source without sending anything. It remembers each recipient once. */
export async function makePlan(
  host: PlanHost,
  source: Iterable<SendItem> | AsyncIterable<SendItem>,
  options: PlanOptions,
): Promise<SendPlan> {
  const { perSecond, queued, policy } = host;
  const byName = new Map<string, PlannedRecipient>();
  const problems = createPlanProblems(host);
  let messages = 0;
  /** A window that cannot be read counts as closed, which is the worst case. */
  const isWindowOpen = async (recipient: string): Promise<boolean> => {
    try {
      const read = await within(host.clock, defaultGuardTimeoutMs, () => options.isWindowOpen?.(recipient) ?? false);
      const answer: unknown = read.type === 'done' ? read.value : undefined;
      if (read.type === 'done') return answer === true;
      host.logger.warn('sender.window_unknown', { timeoutMs: defaultGuardTimeoutMs });
    } catch (error) {
      host.logger.warn('sender.window_unknown', { error });
    }
    return false;
  };
  for await (const item of source) {
    const { message, fault, options: itemOptions } = checkItem('plan', item);
    if (fault) throw fault;
    await problems.check(message, itemOptions);
    messages += 1;
    const name = host.people.queueName(host.phoneNumberId, message);
    let known = byName.get(name);
    if (!known) {
      known = { message, messages: 0, texts: 0, isOpen: await isWindowOpen(recipientOfMessage(message)) };
      byName.set(name, known);
    }
    known.messages += 1;
    if (message.type !== 'template') known.texts += 1;
  }
  const recipients = await joinPeople(host, byName);
  const outside = recipients.filter(({ isOpen }) => !isOpen);
  const notTemplates = outside.reduce((total, { texts }) => total + texts, 0);
  const most = recipients.reduce((max, recipient) => Math.max(max, recipient.messages), 0);
  const pairMs = Math.max(0, most - policy.limits.pairBurst) * policy.limits.pairIntervalSeconds * 1_000;
  const limit = options.messagingLimit ?? (await readMessagingLimit(host));
  return {
    messages,
    recipients: recipients.length,
    perSecond,
    durationMs: Math.max(((queued + messages) / perSecond) * 1_000, pairMs),
    outsideWindow: { recipients: outside.length, notTemplates },
    messagingLimit: { ...(limit !== undefined && { limit }), beyond: limit === undefined ? 0 : Math.max(0, outside.length - limit) },
    ...problems.result(),
  };
}

/** Joins recipients that are one person, after looking up who they are. A window is open if it is open for any of the person's IDs. */
async function joinPeople(
  { people, phoneNumberId }: PlanHost,
  byName: ReadonlyMap<string, PlannedRecipient>,
): Promise<readonly PlannedRecipient[]> {
  const joined = new Map<string, PlannedRecipient>();
  const planned = [...byName.values()];
  for (let start = 0; start < planned.length; start += lookUpsAtOnce) {
    const page = planned.slice(start, start + lookUpsAtOnce);
    await Promise.all(page.flatMap(({ message }) => people.identify(phoneNumberId, message) ?? []));
    for (const recipient of page) {
      const name = people.queueName(phoneNumberId, recipient.message);
      const known = joined.get(name);
      joined.set(
        name,
        known
          ? {
              message: known.message,
              isOpen: known.isOpen || recipient.isOpen,
              messages: known.messages + recipient.messages,
              texts: known.texts + recipient.texts,
            }
          : recipient,
      );
    }
  }
  return [...joined.values()];
}

const limitField = 'whatsapp_business_manager_messaging_limit';

/** Reads `TIER_250`, `TIER_2K`, `TIER_UNLIMITED`, … */
async function readMessagingLimit({ client, phoneNumberId }: PlanHost): Promise<number | undefined> {
  const tier = (await getPhoneNumber(client, { phoneNumberId, fields: [limitField] }))[limitField];
  if (tier === 'TIER_UNLIMITED') return Infinity;
  const [, figure, thousands] = /^TIER_(\d+)(K?)$/.exec(tier ?? '') ?? [];
  return figure === undefined ? undefined : Number(figure) * (thousands === 'K' ? 1_000 : 1);
}
