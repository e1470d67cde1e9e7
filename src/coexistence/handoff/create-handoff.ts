import { checkNumbers } from '../../errors/check-options.js';
import { HandoffError } from '../../errors/coexistence-errors.js';
import { personKeys } from '../../identity/person.js';
import { idsOfRecipient } from '../../identity/recipient.js';
import type { JsonObject } from '../../runtime/json.js';
import { numberKey } from '../../runtime/keys.js';
import type { Customer } from '../../webhooks/events/base.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { ModuleContext, ModuleService } from '../module-context.js';
import { createModule, partsOfSubject, personSubject, recordsPerPerson } from '../module.js';
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

/**
 * Creates the hand-off module. It stores one record per thread.
 *
 * @param deps - What all modules share, and the options.
 */
export function createHandoff(deps: ModuleContext & { readonly options: HandoffOptions }): ModuleService<HandoffModule> {
  const { clock, run, events } = deps;
  checkNumbers('createCoexistence: handoff', deps.options, {
    holdMs: { min: 0, unit: 'ms' },
    maxHoldMs: { min: 0, unit: 'ms' },
    automaticMs: { min: 0, unit: 'ms' },
  });
  const { holdMs = 30 * minuteMs, maxHoldMs = 120 * minuteMs, automaticMs = 3_000, isPerson = () => undefined } = deps.options;
  const rules: HandoffRules = { holdMs, capMs: maxHoldMs, automaticMs };

  const threads = createModule<ThreadState, ThreadEvent, HandoffFact>(
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
      emit: (fact, subject, { who = {} }) => {
        const thread = { phoneNumberId: partsOfSubject(subject).phoneNumberId, customer: who };
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
      },
    },
    run,
    clock,
  );

  const ownKey = (phoneNumberId: string, messageId: string): string => numberKey(phoneNumberId, 'own', messageId);
  const echoedKey = (phoneNumberId: string, messageId: string): string => numberKey(phoneNumberId, 'echoed', messageId);
  const indexOf = ({ store, register }: Scope, of: 'own' | 'echoed'): MessageIndex => messageIndex(store, register, `${of}-token`, ownMs);
  const isOwn = async (scope: Scope, phoneNumberId: string, messageId: string, customer: Customer): Promise<boolean> =>
    (await scope.store.get(ownKey(phoneNumberId, messageId))) !== undefined ||
    (await indexOf(scope, 'own').find(phoneNumberId, messageId, customer)) !== undefined;
  const apply = async (scope: Scope, { phoneNumberId, customer }: ThreadRef, event: HandoffEvent): Promise<HandoffState> => {
    const subject = await personSubject(scope, phoneNumberId, customer);
    return (subject !== undefined && (await threads.apply(scope, subject, { event, customer }))) || emptyHandoff;
  };
  const readThread = ({ store, register }: Scope, { phoneNumberId, customer }: ThreadRef): Promise<HandoffState> =>
    personRecords<ThreadState>({ store, register, phoneNumberId, kind, merge: mergeThreads })
      .read(customer)
      .then((state) => state ?? emptyHandoff);

  const echoCame = async (echo: AnyEcho, thread: ThreadRef, atMs: number, scope: Scope): Promise<void> => {
    const { phoneNumberId, customer } = thread;
    const messageId = echo.type === 'echo' ? echo.message.id : echo.messageId;
    if (await isOwn(scope, phoneNumberId, messageId, customer)) return;
    const judgement = judge(echo, await readThread(scope, thread), atMs);
    if (judgement === false) return;
    // The echo handler and `recordSend` both commit their marker before they look for the other marker. So the second
    // one always finds the first.
    await scope.store.set(echoedKey(phoneNumberId, messageId), idsOf(customer), { ttlMs: ownMs });
    await indexOf(scope, 'echoed').claim(phoneNumberId, messageId, customer);
    await apply(scope, thread, {
      type: 'person-wrote',
      messageId,
      atMs,
      ...(typeof judgement === 'object' && { person: judgement.person }),
      ...(judgement === undefined && echo.type === 'echo' && { mayBeAutomatic: true }),
    });
    scope.afterCommit(() =>
      run(async (later) => {
        if (await isOwn(later, phoneNumberId, messageId, customer)) await apply(later, thread, { type: 'own-send', messageId });
      }),
    );
  };
  const judge = (echo: AnyEcho, state: HandoffState, atMs: number): EchoJudgement => {
    const wroteAtMs = Math.max(...state.customerWrote.map((written) => written.atMs).filter((writtenAtMs) => writtenAtMs <= atMs));
    return isPerson(echo, {
      assignee: findAssignee(state, clock.now(), rules),
      ...(Number.isFinite(wroteAtMs) && { sinceCustomerMs: atMs - wroteAtMs }),
    });
  };
  const observe = async (event: WebhookEvent, scope: Scope): Promise<void> => {
    const thread = threadOf(event);
    if (!thread) return;
    const atMs = event.occurredAt?.getTime() ?? clock.now();
    switch (event.type) {
      case 'echo':
      case 'echo.edit':
      case 'echo.revoke':
        return echoCame(event, thread, atMs, scope);
      case 'message':
        if (noWriting.has(event.message.type)) return;
        await settleEchoes(thread, scope);
        await apply(scope, thread, { type: 'customer-wrote', messageId: event.message.id, atMs });
        return;
      case 'message.edit':
      case 'message.revoke':
        await apply(scope, thread, { type: 'customer-wrote', messageId: event.messageId, atMs });
        return;
      case 'status':
        // Only API messages have statuses, so an echo with this wamid is our own message.
        return markOwn(thread.phoneNumberId, event.status.id, scope);
      default:
        return;
    }
  };
  const markOwn = async (phoneNumberId: string, messageId: string, scope: Scope): Promise<void> => {
    const marked = await scope.store.setIfAbsent(ownKey(phoneNumberId, messageId), true, { ttlMs: ownMs });
    // Repeat this each time because earlier versions wrote it separately.
    await indexOf(scope, 'own').claim(phoneNumberId, messageId, peerOf(messageId));
    const settle = async (later: Scope): Promise<void> => {
      // A later status may link the number and the user ID of the two spellings.
      const echoedId = (await indexOf(later, 'echoed').find(phoneNumberId, messageId, peerOf(messageId))) ?? messageId;
      if (!marked.written && echoedId === messageId) return;
      const echoed = await later.store.get(echoedKey(phoneNumberId, echoedId));
      // Only this module writes this key, and the value is always the customer's IDs.
      if (echoed) await apply(later, { phoneNumberId, customer: echoed.value as Customer }, { type: 'own-send', messageId });
    };
    if (marked.written) scope.afterCommit(() => run(settle));
    else await settle(scope);
  };
  /** A message of the customer may link the number and the user ID in the two spellings of our own message. */
  const settleEchoes = async (thread: ThreadRef, scope: Scope): Promise<void> => {
    const state = await readThread(scope, thread);
    if (holdAt(state, clock.now(), rules)?.by !== 'echo') return;
    for (const { id: messageId, settled } of state.echoes) {
      if (settled || !(await isOwn(scope, thread.phoneNumberId, messageId, thread.customer))) continue;
      await apply(scope, thread, { type: 'own-send', messageId });
    }
  };
  const viewOf = (record: HandoffState): ThreadAssignment => {
    const hold = holdAt(record, clock.now(), rules);
    if (!hold) return { assignee: 'bot' };
    const { person, untilMs } = hold;
    return { assignee: 'person', ...(person !== undefined && { person }), ...(untilMs !== undefined && { until: new Date(untilMs) }) };
  };
  const recordSend: HandoffModule['recordSend'] = ({ phoneNumberId, messageId }) =>
    run((scope) => markOwn(phoneNumberId, messageId, scope));
  const get = (thread: ThreadRef): Promise<HandoffState> => run((scope) => readThread(scope, thread));

  const module: HandoffModule = {
    recordSend,
    guard: async ({ to, recipient, recipient_type }, { phoneNumberId }) => {
      if (recipient_type === 'group') return { verdict: 'pass' };
      const customer = idsOfRecipient(to ?? recipient ?? '');
      const { assignee, until } = viewOf(await get({ phoneNumberId, customer }));
      if (assignee === 'bot') return { verdict: 'pass' };
      if (until) return { verdict: 'hold', reason: 'a person holds the thread', until };
      return { verdict: 'refuse', error: new HandoffError('person-holds') };
    },
    get: async (thread) => viewOf(await get(thread)),
    assignToHuman: async ({ person, until, ...thread }) => {
      const taken: HandoffEvent = { type: 'taken', ...(person !== undefined && { person }), ...(until && { untilMs: until.getTime() }) };
      return viewOf(await run((scope) => apply(scope, thread, taken)));
    },
    release: async (thread) => viewOf(await run((scope) => apply(scope, thread, { type: 'given' }))),
    beginReply: async (event): Promise<ReplyPermit> => {
      if (event.type !== 'message' && event.type !== 'message.edit')
        return turnOf(() => ({ allowed: false, reason: 'not-a-customer-message' }));
      const thread = threadOf(event);
      if (!thread || personKeys(thread.customer).length === 0) return turnOf(() => ({ allowed: false, reason: 'unknown-thread' }));
      // The bot may ask before the webhook handler passes the event to this module.
      await run((scope) => observe(event, scope));
      const answered = {
        id: event.type === 'message' ? event.message.id : event.messageId,
        atMs: event.occurredAt?.getTime() ?? clock.now(),
      };
      return turnOf(
        async () => judgeReply(await get(thread), answered, clock.now(), rules),
        (messageId) => recordSend({ phoneNumberId: thread.phoneNumberId, messageId }),
      );
    },
  };
  return { module, observe, schedule: threads };
}

/** The events of the facts. */
const eventName = { taken: 'handoff.assigned', returned: 'handoff.released', automatic: 'handoff.automatic' } as const;

/** Creates a permit that calls `verdict` for each check. */
function turnOf(verdict: () => ReplyVerdict | Promise<ReplyVerdict>, sent: ReplyPermit['sent'] = () => Promise.resolve()): ReplyPermit {
  const check: ReplyPermit['check'] = async () => verdict();
  return {
    check,
    sent,
    guard: async () => {
      const answer = await check();
      return answer.allowed ? { verdict: 'pass' } : { verdict: 'refuse', error: new HandoffError(answer.reason) };
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
