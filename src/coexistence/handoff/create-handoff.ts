import { checkNumbers } from '../../errors/check-options.js';
import { HandoffError } from '../../errors/coexistence-errors.js';
import type { Clock } from '../../runtime/clock.js';
import type { JsonObject } from '../../runtime/json.js';
import type { Store } from '../../stores/store.js';
import type { Customer } from '../../webhooks/events/base.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { clearDue, scheduled, type OnDue, type Scheduled } from '../schedule.js';
import { personKeys } from '../../identity/person.js';
import { idsOfRecipient } from '../../identity/recipient.js';
import type { IdentityRegister } from '../../identity/register.js';
import { numberKey } from '../../runtime/keys.js';
import { personRecords, type PersonRecords } from '../person-records.js';
import type { RecordChange } from '../../stores/records.js';
import { messageIndex, peerOf } from '../same-conversation.js';
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
import type {
  AnyEcho,
  EchoJudgement,
  HandoffAutomatic,
  HandoffModule,
  HandoffOptions,
  HandoffReleased,
  HandoffAssigned,
  ThreadAssignment,
  ThreadRef,
  ReplyPermit,
} from './handoff.js';

/** Dependencies of {@link createHandoff}. */
export interface HandoffDeps {
  readonly store: Store;
  readonly register: IdentityRegister;
  readonly clock: Clock;
  readonly options: HandoffOptions;
  readonly emitAssigned: (taken: HandoffAssigned) => Promise<void>;
  readonly emitReleased: (returned: HandoffReleased) => Promise<void>;
  readonly emitAutomatic: (automatic: HandoffAutomatic) => Promise<void>;
}

/** The hand-off module with its event and schedule handlers. */
export interface HandoffService {
  readonly module: HandoffModule;
  readonly observe: (event: WebhookEvent) => Promise<void>;
  readonly onDue: OnDue;
}

type HandoffRecord = HandoffState &
  Scheduled & {
    /** The customer's IDs for the listeners. */
    readonly who?: JsonObject;
    /** Facts to emit, because their listeners haven't succeeded yet. */
    readonly untold?: readonly HandoffFact[];
  };

/** How long a thread is stored after its last message. An assignment without an end is stored without a limit. */
const keptMs = 30 * 86_400_000;
/** How long the wamids of our own messages are stored to recognize their echoes. */
const ownMs = 86_400_000;
/** Delay after which a sweep emits the pending facts again. */
const retryEmitAfterMs = 60_000;
const minuteMs = 60_000;

/** The module's name in the schedule. */
export const handoffKind = 'handoff';

/** Message types that need no reply. They don't make a bot's reply to an earlier message outdated. */
const noWriting: ReadonlySet<string> = /* @__PURE__ */ new Set(['reaction', 'system', 'unsupported']);

/**
 * Creates the hand-off module. It stores one record per thread.
 *
 * @param deps - The store, the identity register, the clock, the options and the event callbacks.
 */
export function createHandoff(deps: HandoffDeps): HandoffService {
  const { store, register, clock } = deps;
  checkNumbers('createCoexistence: handoff', deps.options, {
    holdMs: { min: 0, unit: 'ms' },
    maxHoldMs: { min: 0, unit: 'ms' },
    automaticMs: { min: 0, unit: 'ms' },
  });
  const { holdMs = 30 * minuteMs, maxHoldMs = 120 * minuteMs, automaticMs = 3_000, isPerson = () => undefined } = deps.options;
  const rules: HandoffRules = { holdMs, capMs: maxHoldMs, automaticMs };
  const recordsOf = (phoneNumberId: string): PersonRecords<HandoffRecord> =>
    personRecords({ store, register, phoneNumberId, kind: 'thread', merge: mergeRecords });
  const ownKey = (phoneNumberId: string, messageId: string): string => numberKey(phoneNumberId, 'own', messageId);
  const echoedKey = (phoneNumberId: string, messageId: string): string => numberKey(phoneNumberId, 'echoed', messageId);
  const ownIndex = messageIndex(store, register, 'own-token', ownMs);
  const echoedIndex = messageIndex(store, register, 'echoed-token', ownMs);
  const isOwn = async (phoneNumberId: string, messageId: string, customer: Customer): Promise<boolean> =>
    (await store.get(ownKey(phoneNumberId, messageId))) !== undefined ||
    (await ownIndex.find(phoneNumberId, messageId, customer)) !== undefined;
  const subjectOf = (phoneNumberId: string, key: string): string => `${phoneNumberId}/${key}`;

  const changed = (
    phoneNumberId: string,
    key: string,
    record: HandoffRecord,
    event: HandoffEvent,
    nowMs: number,
    customer?: Customer,
  ): RecordChange<HandoffRecord, HandoffRecord> => {
    const { state, facts } = handoffChange(record, event, nowMs, rules);
    const who = customer ?? record.who;
    const untold = [...(record.untold ?? []), ...facts];
    const next: HandoffRecord = {
      ...state,
      ...(record.wakeAtMs !== undefined && { wakeAtMs: record.wakeAtMs }),
      ...(who && { who: idsOf(who) }),
      ...(untold.length > 0 && { untold }),
    };
    const due = scheduled(next, handoffKind, subjectOf(phoneNumberId, key), nextCheck(next, nowMs));
    return { state: due.state, also: due.also, result: due.state, ...lifeOf(due.state) };
  };
  const apply = async (thread: ThreadRef, event: HandoffEvent): Promise<HandoffRecord> => {
    const { phoneNumberId, customer } = thread;
    let personId = '';
    const record = await recordsOf(phoneNumberId).update(customer, (found = emptyHandoff, at) => {
      personId = at;
      return changed(phoneNumberId, at, found, event, clock.now(), customer);
    });
    if (record?.untold) await emitPending(phoneNumberId, personId);
    return record ?? emptyHandoff;
  };

  /** Emits the pending facts in order. A fact stays pending if its listener fails. */
  const emitPending = async (phoneNumberId: string, key: string): Promise<void> => {
    const records = recordsOf(phoneNumberId);
    for (;;) {
      const record = await records.readPerson(key);
      const fact = record?.untold?.[0];
      if (!record || !fact) return;
      await emitFact(fact, { phoneNumberId, customer: record.who ?? {} });
      await records.updatePerson(key, (standing, at) => {
        if (!standing || JSON.stringify(standing.untold?.[0]) !== JSON.stringify(fact)) return { result: undefined };
        const { untold = [], ...rest } = standing;
        const next: HandoffRecord = { ...rest, ...(untold.length > 1 && { untold: untold.slice(1) }) };
        const due = scheduled(next, handoffKind, subjectOf(phoneNumberId, at), nextCheck(next, clock.now()));
        return { state: due.state, also: due.also, result: undefined, ...lifeOf(due.state) };
      });
    }
  };
  const emitFact = (fact: HandoffFact, thread: ThreadRef): Promise<void> => {
    const at = new Date(fact.atMs);
    if (fact.type === 'returned') return deps.emitReleased({ ...thread, reason: fact.reason, at });
    if (fact.type === 'automatic') return deps.emitAutomatic({ ...thread, messageId: fact.messageId, at });
    const { by, untilMs, person } = fact;
    return deps.emitAssigned({
      ...thread,
      by,
      at,
      ...(untilMs !== undefined && { until: new Date(untilMs) }),
      ...(person !== undefined && { person }),
    });
  };

  const echoCame = async (echo: AnyEcho, thread: ThreadRef, atMs: number): Promise<void> => {
    const { phoneNumberId, customer } = thread;
    const messageId = echo.type === 'echo' ? echo.message.id : echo.messageId;
    if (await isOwn(phoneNumberId, messageId, customer)) return;
    const state = (await recordsOf(phoneNumberId).read(customer)) ?? emptyHandoff;
    const judgement = judge(echo, state, atMs);
    if (judgement === false) return;
    // The echo handler and `recordSend` both write their marker before they look for the other marker. So the second
    // one always finds the first.
    await store.set(echoedKey(phoneNumberId, messageId), idsOf(customer), { ttlMs: ownMs });
    await echoedIndex.claim(phoneNumberId, messageId, customer);
    await apply(thread, {
      type: 'person-wrote',
      messageId,
      atMs,
      ...(typeof judgement === 'object' && { person: judgement.person }),
      ...(judgement === undefined && echo.type === 'echo' && { mayBeAutomatic: true }),
    });
    if (await isOwn(phoneNumberId, messageId, customer)) await apply(thread, { type: 'own-send', messageId });
  };
  const judge = (echo: AnyEcho, state: HandoffState, atMs: number): EchoJudgement => {
    const wroteAtMs = Math.max(...state.customerWrote.map((written) => written.atMs).filter((writtenAtMs) => writtenAtMs <= atMs));
    return isPerson(echo, {
      assignee: findAssignee(state, clock.now(), rules),
      ...(Number.isFinite(wroteAtMs) && { sinceCustomerMs: atMs - wroteAtMs }),
    });
  };
  const observe = async (event: WebhookEvent): Promise<void> => {
    const thread = threadOf(event);
    if (!thread) return;
    const atMs = event.occurredAt?.getTime() ?? clock.now();
    switch (event.type) {
      case 'echo':
      case 'echo.edit':
      case 'echo.revoke':
        return echoCame(event, thread, atMs);
      case 'message':
        if (!noWriting.has(event.message.type)) await apply(thread, { type: 'customer-wrote', messageId: event.message.id, atMs });
        return;
      case 'message.edit':
      case 'message.revoke':
        await apply(thread, { type: 'customer-wrote', messageId: event.messageId, atMs });
        return;
      case 'status':
        // Only API messages have statuses, so an echo with this wamid is our own message.
        await recordSend({ phoneNumberId: thread.phoneNumberId, messageId: event.status.id });
        return;
      default:
        return;
    }
  };
  const recordSend: HandoffModule['recordSend'] = async ({ phoneNumberId, messageId }) => {
    const marked = await store.setIfAbsent(ownKey(phoneNumberId, messageId), true, { ttlMs: ownMs });
    // Repeat this each time because the store may have failed after the first write.
    await ownIndex.claim(phoneNumberId, messageId, peerOf(messageId));
    // A later status may link the number and the user ID of the two spellings.
    const echoedId = (await echoedIndex.find(phoneNumberId, messageId, peerOf(messageId))) ?? messageId;
    if (!marked.written && echoedId === messageId) return;
    const echoed = await store.get(echoedKey(phoneNumberId, echoedId));
    // Only this module writes this key, and the value is always the customer's IDs.
    if (echoed) await apply({ phoneNumberId, customer: echoed.value as Customer }, { type: 'own-send', messageId });
  };
  const viewOf = (record: HandoffRecord): ThreadAssignment => {
    const hold = holdAt(record, clock.now(), rules);
    if (!hold) return { assignee: 'bot' };
    const { person, untilMs } = hold;
    return { assignee: 'person', ...(person !== undefined && { person }), ...(untilMs !== undefined && { until: new Date(untilMs) }) };
  };
  const readThread = async ({ phoneNumberId, customer }: ThreadRef): Promise<HandoffRecord> =>
    (await recordsOf(phoneNumberId).read(customer)) ?? emptyHandoff;

  const module: HandoffModule = {
    recordSend,
    guard: async ({ to, recipient, recipient_type }, { phoneNumberId }) => {
      if (recipient_type === 'group') return { verdict: 'pass' };
      const customer = idsOfRecipient(to ?? recipient ?? '');
      const { assignee, until } = viewOf(await readThread({ phoneNumberId, customer }));
      if (assignee === 'bot') return { verdict: 'pass' };
      if (until) return { verdict: 'hold', reason: 'a person holds the thread', until };
      return { verdict: 'refuse', error: new HandoffError('person-holds') };
    },
    get: async (thread) => viewOf(await readThread(thread)),
    assignToHuman: async ({ person, until, ...thread }) =>
      viewOf(await apply(thread, { type: 'taken', ...(person !== undefined && { person }), ...(until && { untilMs: until.getTime() }) })),
    release: async (thread) => viewOf(await apply(thread, { type: 'given' })),
    beginReply: async (event): Promise<ReplyPermit> => {
      if (event.type !== 'message' && event.type !== 'message.edit')
        return turnOf(() => ({ allowed: false, reason: 'not-a-customer-message' }));
      const thread = threadOf(event);
      if (!thread || personKeys(thread.customer).length === 0) return turnOf(() => ({ allowed: false, reason: 'unknown-thread' }));
      // The bot may ask before the webhook handler passes the event to this module.
      await observe(event);
      const answered = {
        id: event.type === 'message' ? event.message.id : event.messageId,
        atMs: event.occurredAt?.getTime() ?? clock.now(),
      };
      return turnOf(
        async () => judgeReply(await readThread(thread), answered, clock.now(), rules),
        (messageId) => recordSend({ phoneNumberId: thread.phoneNumberId, messageId }),
      );
    },
  };
  return {
    module,
    observe,
    onDue: async ({ subject, dueAtMs }, nowMs) => {
      const slash = subject.indexOf('/');
      const phoneNumberId = subject.slice(0, slash);
      const key = subject.slice(slash + 1);
      await recordsOf(phoneNumberId).updatePerson(key, (record, at) =>
        record?.wakeAtMs === dueAtMs ? changed(phoneNumberId, at, clearDue(record), { type: 'time' }, nowMs) : { result: undefined },
      );
      await emitPending(phoneNumberId, key);
    },
  };
}

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

function nextCheck(record: HandoffRecord, nowMs: number): number | undefined {
  return record.untold ? nowMs + retryEmitAfterMs : record.hold?.untilMs;
}

function lifeOf(record: HandoffRecord): { readonly ttlMs?: number } {
  return record.taken && record.taken.untilMs === undefined ? {} : { ttlMs: keptMs };
}

function mergeRecords(left: HandoffRecord, right: HandoffRecord): HandoffRecord {
  const customer = left.who ?? right.who;
  const untold = [...(left.untold ?? []), ...(right.untold ?? [])];
  const wakeAtMs = left.wakeAtMs;
  return {
    ...mergeHandoffs(left, right),
    ...(customer && { who: customer }),
    ...(untold.length > 0 && { untold }),
    ...(wakeAtMs !== undefined && { wakeAtMs }),
  };
}
