import { checkNumbers } from '../../errors/check-options.js';
import { HandoffError } from '../../errors/coexistence-errors.js';
import { personKeys } from '../../identity/person.js';
import { idsOfRecipient } from '../../identity/recipient.js';
import type { JsonObject } from '../../runtime/json.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { numberKey } from '../../runtime/keys.js';
import type { GuardVerdict, SendGuardContext } from '../../sender/guard.js';
import type { Customer } from '../../webhooks/events/base.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { EventPort, ModuleContext, ModuleService } from '../module-context.js';
import { createModule, type Module, partsOfSubject, personSubject, recordsPerPerson } from '../module.js';
import { personRecords } from '../person-records.js';
import { messageIndex, peerOf, type MessageIndex } from '../same-conversation.js';
import type { Scope } from '../unit-of-work.js';
import {
  emptyHandoff,
  handoffChange,
  holdAt,
  findAssignee,
  mergeHandoffs,
  judgeReply,
  type HandoffEvent,
  type HandoffFact,
  type HandoffRules,
  type HandoffState,
  type ReplyVerdict,
} from './handoff-state.js';
import type { AnyEcho, EchoJudgement, HandoffModule, HandoffOptions, ThreadAssignment, ThreadRef, ReplyPermit } from './handoff-module.js';

type ThreadState = HandoffState & {
  /** The customer's IDs for the listeners. */
  readonly who?: JsonObject;
};

/** An event of a thread, with the customer's IDs if the event contains them. */
type ThreadEvent = { readonly event: HandoffEvent; readonly customer?: Customer };

const kind = 'thread';
/** How long a thread is stored after its last message. An assignment without an end is stored without a limit. */
const keptMs = 30 * 86_400_000;
/** How long the wamids of our own messages are stored to recognize their echoes. */
const ownMs = 86_400_000;
const minuteMs = 60_000;

/** Message types that need no reply. They don't make a bot's reply to an earlier message outdated. */
const noWriting: ReadonlySet<string> = /* @__PURE__ */ new Set(['reaction', 'system', 'unsupported']);

/** Dependencies of {@link createHandoff}. */
type HandoffDeps = ModuleContext & { readonly options: HandoffOptions };

/**
 * Creates the hand-off module. It stores one record per thread.
 *
 * @param deps - What all modules share, and the options.
 */
export function createHandoff(deps: HandoffDeps): ModuleService<HandoffModule> {
  return new HandoffService(deps);
}

class HandoffService implements ModuleService<HandoffModule> {
  readonly module: HandoffModule;
  readonly schedule: Module<ThreadState, ThreadEvent, HandoffFact>;
  readonly #deps: HandoffDeps;
  readonly #isPerson: NonNullable<HandoffOptions['isPerson']>;
  readonly #rules: HandoffRules;

  constructor(deps: HandoffDeps) {
    this.#deps = deps;
    const { clock, run, events } = deps;
    checkNumbers('createCoexistence: handoff', deps.options, {
      holdMs: { min: 0, unit: 'ms' },
      maxHoldMs: { min: 0, unit: 'ms' },
      automaticMs: { min: 0, unit: 'ms' },
    });
    const { holdMs = 30 * minuteMs, maxHoldMs = 120 * minuteMs, automaticMs = 3_000, isPerson = () => undefined } = deps.options;
    const rules: HandoffRules = { holdMs, capMs: maxHoldMs, automaticMs };
    this.#isPerson = isPerson;
    this.#rules = rules;
    this.schedule = createModule<ThreadState, ThreadEvent, HandoffFact>(
      {
        kind: 'handoff',
        records: (scope) => recordsPerPerson(scope, kind, mergeThreads),
        reduce: (state = emptyHandoff, { event, customer }, nowMs) => {
          const who = customer ?? state.who;
          const { state: next, facts } = handoffChange(state, event, nowMs, rules);
          return { state: { ...next, ...(who && { who: idsOf(who) }) }, facts };
        },
        timeEvent: { event: { type: 'time' } },
        nextCheckAt: ({ hold }) => hold?.untilMs,
        ttlMs: ({ taken }) => (taken && taken.untilMs === undefined ? undefined : keptMs),
        hasListeners: ({ type }) => events.hasListeners(eventName[type]),
        emit: (fact, subject, { who = {} }) => emitFact(events, fact, partsOfSubject(subject).phoneNumberId, who),
      },
      run,
      clock,
    );
    this.module = {
      recordSend: (sent) => this.#recordSend(sent),
      guard: (message, context) => this.#guard(message, context),
      get: async (thread) => this.#viewOf(await this.#get(thread)),
      assignToHuman: async ({ person, until, ...thread }) => {
        const taken: HandoffEvent = { type: 'taken', ...(person !== undefined && { person }), ...(until && { untilMs: until.getTime() }) };
        return this.#viewOf(await run((scope) => this.#apply(scope, thread, taken)));
      },
      release: async (thread) => this.#viewOf(await run((scope) => this.#apply(scope, thread, { type: 'given' }))),
      beginReply: (event) => this.#beginReply(event),
    };
  }

  async observe(event: WebhookEvent, scope: Scope): Promise<void> {
    const thread = threadOf(event);
    if (!thread) return;
    const atMs = event.occurredAt?.getTime() ?? this.#deps.clock.now();
    switch (event.type) {
      case 'echo':
      case 'echo.edit':
      case 'echo.revoke':
        return this.#onEcho(event, thread, atMs, scope);
      case 'message':
        if (noWriting.has(event.message.type)) return;
        await this.#settleEchoes(thread, scope);
        await this.#apply(scope, thread, { type: 'customer-wrote', messageId: event.message.id, atMs });
        return;
      case 'message.edit':
      case 'message.revoke':
        await this.#apply(scope, thread, { type: 'customer-wrote', messageId: event.messageId, atMs });
        return;
      case 'status':
        // Only API messages have statuses, so an echo with this wamid is our own message.
        return this.#markOwn(thread.phoneNumberId, event.status.id, scope);
      default:
        return;
    }
  }

  async #guard({ to, recipient, recipient_type }: OutgoingMessage, { phoneNumberId }: SendGuardContext): Promise<GuardVerdict> {
    if (recipient_type === 'group') return { verdict: 'pass' };
    const customer = idsOfRecipient(to ?? recipient ?? '');
    const { assignee, until } = this.#viewOf(await this.#get({ phoneNumberId, customer }));
    if (assignee === 'bot') return { verdict: 'pass' };
    if (until) return { verdict: 'hold', reason: 'a person holds the thread', until };
    return { verdict: 'reject', error: new HandoffError('person-holds') };
  }

  async #beginReply(event: WebhookEvent): Promise<ReplyPermit> {
    if (event.type !== 'message' && event.type !== 'message.edit')
      return turnOf(() => ({ allowed: false, reason: 'not-a-customer-message' }));
    const thread = threadOf(event);
    if (!thread || personKeys(thread.customer).length === 0) return turnOf(() => ({ allowed: false, reason: 'unknown-thread' }));
    // The bot may ask before the webhook handler passes the event to this module.
    await this.#deps.run((scope) => this.observe(event, scope));
    const answered = {
      id: event.type === 'message' ? event.message.id : event.messageId,
      atMs: event.occurredAt?.getTime() ?? this.#deps.clock.now(),
    };
    return turnOf(
      async () => judgeReply(await this.#get(thread), answered, this.#deps.clock.now(), this.#rules),
      (messageId) => this.#recordSend({ phoneNumberId: thread.phoneNumberId, messageId }),
    );
  }

  async #isOwn(scope: Scope, phoneNumberId: string, messageId: string, customer: Customer): Promise<boolean> {
    return (
      (await scope.store.get(ownKey(phoneNumberId, messageId))) !== undefined ||
      (await indexOf(scope, 'own').find(phoneNumberId, messageId, customer)) !== undefined
    );
  }

  async #apply(scope: Scope, { phoneNumberId, customer }: ThreadRef, event: HandoffEvent): Promise<HandoffState> {
    const subject = await personSubject(scope, phoneNumberId, customer);
    return (subject !== undefined && (await this.schedule.apply(scope, subject, { event, customer }))) || emptyHandoff;
  }

  #readThread({ store, register }: Scope, { phoneNumberId, customer }: ThreadRef): Promise<HandoffState> {
    return personRecords<ThreadState>({ store, register, phoneNumberId, kind, merge: mergeThreads })
      .read(customer)
      .then((state) => state ?? emptyHandoff);
  }

  async #onEcho(echo: AnyEcho, thread: ThreadRef, atMs: number, scope: Scope): Promise<void> {
    const { phoneNumberId, customer } = thread;
    const messageId = echo.type === 'echo' ? echo.message.id : echo.messageId;
    if (await this.#isOwn(scope, phoneNumberId, messageId, customer)) return;
    const judgement = this.#judge(echo, await this.#readThread(scope, thread), atMs);
    if (judgement === false) return;
    // The echo handler and `recordSend` both commit their marker before they look for the other marker. So the second
    // one always finds the first.
    await scope.store.set(echoedKey(phoneNumberId, messageId), idsOf(customer), { ttlMs: ownMs });
    await indexOf(scope, 'echoed').claim(phoneNumberId, messageId, customer);
    await this.#apply(scope, thread, {
      type: 'person-wrote',
      messageId,
      atMs,
      ...(typeof judgement === 'object' && { person: judgement.person }),
      ...(judgement === undefined && echo.type === 'echo' && { mayBeAutomatic: true }),
    });
    scope.afterCommit(() =>
      this.#deps.run(async (later) => {
        if (await this.#isOwn(later, phoneNumberId, messageId, customer)) await this.#apply(later, thread, { type: 'own-send', messageId });
      }),
    );
  }

  #judge(echo: AnyEcho, state: HandoffState, atMs: number): EchoJudgement {
    const wroteAtMs = Math.max(...state.customerWrote.map((written) => written.atMs).filter((writtenAtMs) => writtenAtMs <= atMs));
    return this.#isPerson(echo, {
      assignee: findAssignee(state, this.#deps.clock.now(), this.#rules),
      ...(Number.isFinite(wroteAtMs) && { sinceCustomerMs: atMs - wroteAtMs }),
    });
  }

  async #markOwn(phoneNumberId: string, messageId: string, scope: Scope): Promise<void> {
    const marked = await scope.store.setIfAbsent(ownKey(phoneNumberId, messageId), true, { ttlMs: ownMs });
    // Repeat this each time because earlier versions wrote it separately.
    await indexOf(scope, 'own').claim(phoneNumberId, messageId, peerOf(messageId));
    const settle = async (later: Scope): Promise<void> => {
      // A later status may link the number and the user ID of the two spellings.
      const echoedId = (await indexOf(later, 'echoed').find(phoneNumberId, messageId, peerOf(messageId))) ?? messageId;
      if (!marked.written && echoedId === messageId) return;
      const echoed = await later.store.get(echoedKey(phoneNumberId, echoedId));
      // Only this module writes this key, and the value is always the customer's IDs.
      if (echoed) await this.#apply(later, { phoneNumberId, customer: echoed.value as Customer }, { type: 'own-send', messageId });
    };
    if (marked.written) scope.afterCommit(() => this.#deps.run(settle));
    else await settle(scope);
  }

  /** A message of the customer may link the number and the user ID in the two spellings of our own message. */
  async #settleEchoes(thread: ThreadRef, scope: Scope): Promise<void> {
    const state = await this.#readThread(scope, thread);
    if (holdAt(state, this.#deps.clock.now(), this.#rules)?.by !== 'echo') return;
    for (const { id: messageId, settled } of state.echoes) {
      if (settled || !(await this.#isOwn(scope, thread.phoneNumberId, messageId, thread.customer))) continue;
      await this.#apply(scope, thread, { type: 'own-send', messageId });
    }
  }

  #viewOf(record: HandoffState): ThreadAssignment {
    const hold = holdAt(record, this.#deps.clock.now(), this.#rules);
    if (!hold) return { assignee: 'bot' };
    const { person, untilMs } = hold;
    return { assignee: 'person', ...(person !== undefined && { person }), ...(untilMs !== undefined && { until: new Date(untilMs) }) };
  }

  #recordSend({ phoneNumberId, messageId }: Parameters<HandoffModule['recordSend']>[0]): Promise<void> {
    return this.#deps.run((scope) => this.#markOwn(phoneNumberId, messageId, scope));
  }

  #get(thread: ThreadRef): Promise<HandoffState> {
    return this.#deps.run((scope) => this.#readThread(scope, thread));
  }
}

/** The events of the facts. */
const eventName = { taken: 'handoff.assigned', returned: 'handoff.released', automatic: 'handoff.automatic' } as const;

const ownKey = (phoneNumberId: string, messageId: string): string => numberKey(phoneNumberId, 'own', messageId);
const echoedKey = (phoneNumberId: string, messageId: string): string => numberKey(phoneNumberId, 'echoed', messageId);
const indexOf = ({ store, register }: Scope, of: 'own' | 'echoed'): MessageIndex => messageIndex(store, register, `${of}-token`, ownMs);

function emitFact(events: EventPort, fact: HandoffFact, phoneNumberId: string, customer: Customer): Promise<void> {
  const thread = { phoneNumberId, customer };
  const at = new Date(fact.atMs);
  if (fact.type === 'returned') return events.emit(eventName[fact.type], { ...thread, reason: fact.reason, at });
  if (fact.type === 'automatic') return events.emit(eventName[fact.type], { ...thread, messageId: fact.messageId, at });
  const { by, untilMs, person } = fact;
  return events.emit(eventName[fact.type], {
    ...thread,
    by,
    at,
    ...(untilMs !== undefined && { until: new Date(untilMs) }),
    ...(person !== undefined && { person }),
  });
}

/** Creates a permit that calls `verdict` for each check. */
function turnOf(verdict: () => ReplyVerdict | Promise<ReplyVerdict>, sent: ReplyPermit['sent'] = () => Promise.resolve()): ReplyPermit {
  const check: ReplyPermit['check'] = async () => verdict();
  return {
    check,
    sent,
    guard: async () => {
      const answer = await check();
      return answer.allowed ? { verdict: 'pass' } : { verdict: 'reject', error: new HandoffError(answer.reason) };
    },
  };
}

/** Returns the thread of an event, if the event contains both the number and the customer. */
function threadOf({ phoneNumberId, customer }: WebhookEvent): ThreadRef | undefined {
  return phoneNumberId !== undefined && customer ? { phoneNumberId, customer } : undefined;
}

function idsOf(customer: Customer | JsonObject): JsonObject {
  const { waId, userId, parentUserId, username } = customer;
  return {
    ...(waId !== undefined && { waId }),
    ...(userId !== undefined && { userId }),
    ...(parentUserId !== undefined && { parentUserId }),
    ...(username !== undefined && { username }),
  };
}

function mergeThreads(present: ThreadState, earlier: ThreadState): ThreadState {
  const who = present.who ?? earlier.who;
  return { ...mergeHandoffs(present, earlier), ...(who && { who }) };
}
