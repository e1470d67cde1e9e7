import { checkNumbers } from '../../errors/check-options.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { JsonObject } from '../../runtime/json.js';
import type { Store, StoreOperation } from '../../stores/store.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { HistoryChunkEvent, HistoryDeclinedEvent, HistoryMediaEvent, HistoryMessage, HistoryThread } from '../../webhooks/fields/history.js';
import { clearDue, scheduled, type OnDue, type Scheduled } from '../schedule.js';
import type { PersonIds } from '../../identity/person.js';
import type { IdentityRegister } from '../../identity/register.js';
import { numberKey } from '../../runtime/keys.js';
import { messageIndex, peerOf, type MessageIndex } from '../same-conversation.js';
import { readRecord, stateOf, updateRecord, writeOf, type RecordChange } from '../../stores/records.js';
import { chunkIdOf, mayFollow, messageCount } from './chunk.js';
import {
  emptyHistory,
  historyChange,
  historyGaps,
  nextHistoryCheck,
  type HistoryEvent,
  type HistoryFact,
  type HistoryRules,
  type HistoryState,
} from './history-state.js';
import type { NumberHistory, HistoryBatch, HistoryItem, HistoryMedia, HistoryModule, HistoryOptions } from './history.js';
import { byTime } from './thread.js';

/** Dependencies of {@link createHistory}. */
export interface HistoryDeps {
  readonly store: Store;
  readonly register: IdentityRegister;
  readonly clock: Clock;
  readonly policy: CoexistencePolicy;
  readonly options: HistoryOptions;
  readonly emitMessages: (batch: HistoryBatch) => Promise<void>;
  readonly emitMedia: (media: HistoryMedia) => Promise<void>;
  readonly emitProgress: (history: NumberHistory) => Promise<void>;
  readonly emit: (fact: HistoryFact, history: NumberHistory) => Promise<void>;
}

/** The history module with its event and schedule handlers. */
export interface HistoryService {
  readonly module: HistoryModule;
  /** Starts a new onboarding. Later events belong to it. */
  readonly begin: (phoneNumberId: string, onboardingId: string, onboardedAtMs: number) => Promise<void>;
  /** Starts watching the history, right before it is requested. */
  readonly requested: (phoneNumberId: string) => Promise<void>;
  /** Stops watching the history if it wasn't requested or was rejected. */
  readonly notRequested: (phoneNumberId: string) => Promise<void>;
  readonly observe: (event: WebhookEvent) => Promise<void>;
  readonly onDue: OnDue;
}

type HistoryRecord = HistoryState & Scheduled;

/** The stored half of a message whose placeholder and file haven't both arrived. */
type MediaRecord =
  | {
      readonly is: 'placeholder';
      readonly messageId?: string;
      readonly direction: HistoryMessage['direction'];
      readonly occurredAtMs?: number;
      readonly status?: string;
      readonly threadId?: string;
      readonly customer?: JsonObject;
    }
  | { readonly is: 'file'; readonly message: JsonObject }
  | { readonly is: 'joined' };

/**
 * How long chunk IDs and unmatched media are stored. Meta redelivers webhooks for 7 days, and a file is available for 7
 * days.
 */
const keptMs = 30 * 86_400_000;

/** The module's name in the schedule. */
export const historyKind = 'history';

/**
 * Creates the history module. It passes messages to the listeners. It stores only counters, chunk IDs, and unmatched
 * placeholders and files.
 *
 * @param deps - The store, the identity register, the clock, the policy, the options and the event callbacks.
 */
export function createHistory(deps: HistoryDeps): HistoryService {
  const { store, clock, policy } = deps;
  checkNumbers('createCoexistence: history', deps.options, { quietMs: { unit: 'ms' }, stalledAfterMs: { unit: 'ms' } });
  const rules: HistoryRules = { quietMs: deps.options.quietMs ?? 300_000, stalledAfterMs: deps.options.stalledAfterMs ?? 21_600_000 };
  const keyOf = (phoneNumberId: string): string => numberKey(phoneNumberId, historyKind);
  /** Each onboarding has its own keys because a later onboarding delivers the same messages again. */
  const partKey = (phoneNumberId: string, state: HistoryState, kind: 'chunk' | 'media', id: string): string =>
    numberKey(phoneNumberId, historyKind, state.onboardingId ?? '-', kind, id);
  /** The placeholder and the file of a message may contain different spellings of the wamid. */
  const indexOf = (state: HistoryState): MessageIndex =>
    messageIndex(store, deps.register, `history-media-${state.onboardingId ?? '-'}`, keptMs);
  /**
   * Returns the key of a message's stored half, by its own wamid or by another spelling in the same conversation. With
   * `claim`, a message that isn't stored gets a key, and its other spellings find it from then on.
   */
  const mediaKey = async (
    how: 'find' | 'claim',
    phoneNumberId: string,
    state: HistoryState,
    messageId: string,
    customer: PersonIds = peerOf(messageId),
  ): Promise<string> => {
    const key = partKey(phoneNumberId, state, 'media', messageId);
    if (await store.get(key)) return key;
    const storedId = await indexOf(state)[how](phoneNumberId, messageId, customer);
    return storedId === undefined ? key : partKey(phoneNumberId, state, 'media', storedId);
  };
  const read = async (phoneNumberId: string): Promise<HistoryRecord> =>
    (await readRecord<HistoryRecord>(store, keyOf(phoneNumberId))) ?? emptyHistory;

  /** Applies an event to a record and updates its schedule entry. */
  const changed = (
    phoneNumberId: string,
    record: HistoryRecord,
    event: HistoryEvent,
    nowMs: number = clock.now(),
  ): { readonly state: HistoryRecord; readonly also: readonly StoreOperation[]; readonly facts: readonly HistoryFact[] } => {
    const { state, facts } = historyChange(record, event, nowMs, rules);
    const { wakeAtMs } = record;
    const next: HistoryRecord = { ...state, ...(wakeAtMs !== undefined && { wakeAtMs }) };
    return { ...scheduled(next, historyKind, phoneNumberId, nextHistoryCheck(next, rules)), facts };
  };
  const apply = (phoneNumberId: string, event: HistoryEvent): Promise<HistoryRecord> =>
    updateRecord<HistoryRecord, HistoryRecord>(store, keyOf(phoneNumberId), (record = emptyHistory) => {
      const { state, also } = changed(phoneNumberId, record, event);
      return { state, also, result: state };
    });

  const chunkCame = async (event: HistoryChunkEvent, phoneNumberId: string): Promise<void> => {
    const chunkId = chunkIdOf(event);
    const before = await read(phoneNumberId);
    if (await store.get(partKey(phoneNumberId, before, 'chunk', chunkId))) {
      await deps.emitProgress(viewOf(phoneNumberId, await apply(phoneNumberId, { type: 'duplicate' })));
      return;
    }
    // Emit before the write, so that the event is emitted again if a listener fails or the process ends.
    const emitted = new Map<string, HistoryItem>();
    for (const thread of event.threads) {
      const batch = await batchOf(event, phoneNumberId, thread, before);
      for (const item of batch.messages) emitted.set(item.message.id, item);
      if (batch.messages.length > 0) await deps.emitMessages(batch);
    }
    const result = await updateRecord<HistoryRecord, { readonly state: HistoryRecord; readonly met: readonly HistoryMedia[] }>(
      store,
      keyOf(phoneNumberId),
      (record = emptyHistory) => countChunk(event, phoneNumberId, chunkId, record, emitted),
    );
    for (const media of result.met) await deps.emitMedia(media);
    await deps.emitProgress(viewOf(phoneNumberId, result.state));
  };
  const countChunk = async (
    event: HistoryChunkEvent,
    phoneNumberId: string,
    chunkId: string,
    record: HistoryRecord,
    emitted: ReadonlyMap<string, HistoryItem>,
  ): Promise<RecordChange<HistoryRecord, { readonly state: HistoryRecord; readonly met: readonly HistoryMedia[] }>> => {
    const chunkKey = partKey(phoneNumberId, record, 'chunk', chunkId);
    if (await store.get(chunkKey)) {
      const { state, also } = changed(phoneNumberId, record, { type: 'duplicate' });
      return { state, also, result: { state, met: [] } };
    }
    const writes: StoreOperation[] = [{ type: 'setIfAbsent', key: chunkKey, value: true, ttlMs: keptMs }];
    const met: HistoryMedia[] = [];
    const counts = { joined: 0, expected: 0, never: 0 };
    const seen = new Set<string>();
    for (const thread of event.threads) {
      for (const placeholder of thread.messages) {
        const { id } = placeholder.message;
        if (!isPlaceholder(placeholder) || seen.has(id)) continue;
        seen.add(id);
        if (!follows(placeholder, record)) {
          counts.never += 1;
          continue;
        }
        const key = await mediaKey('claim', phoneNumberId, record, id, thread.customer);
        const entry = await store.get(key);
        const known = stateOf<MediaRecord>(entry);
        if (known?.is === 'file') {
          counts.joined += 1;
          writes.push(writeOf(key, entry, { is: 'joined' }, keptMs));
          // The file arrived after the messages were emitted.
          if (emitted.get(id)?.media !== 'joined') met.push(metOf(event, phoneNumberId, thread, joinedItem(placeholder, known.message)));
        } else if (!known) {
          counts.expected += 1;
          writes.push(writeOf(key, entry, placeholderRecord(thread, placeholder), keptMs));
        }
      }
    }
    const { phase, chunkOrder, progress } = event;
    const { state, also } = changed(phoneNumberId, record, {
      type: 'chunk',
      messages: messageCount(event),
      ...counts,
      ...(phase !== undefined && { phase }),
      ...(chunkOrder !== undefined && { chunkOrder }),
      ...(progress !== undefined && { progress }),
    });
    return { state, also: [...also, ...writes], result: { state, met } };
  };

  const follows = (placeholder: HistoryMessage, state: HistoryState): boolean =>
    mayFollow(placeholder, state.onboardedAtMs ?? state.requestedAtMs ?? clock.now(), policy.limits.historyMediaDays);
  const batchOf = async (
    event: HistoryChunkEvent,
    phoneNumberId: string,
    thread: HistoryThread,
    state: HistoryState,
  ): Promise<HistoryBatch> => {
    const messages: HistoryItem[] = [];
    for (const message of thread.messages)
      messages.push(isPlaceholder(message) ? await itemOf(message, thread, phoneNumberId, state) : message);
    const { phase, chunkOrder } = event;
    return {
      ...placeOf(event, phoneNumberId, thread),
      ...(phase !== undefined && { phase }),
      ...(chunkOrder !== undefined && { chunkOrder }),
      messages: byTime(messages),
    };
  };
  const itemOf = async (
    placeholder: HistoryMessage,
    thread: HistoryThread,
    phoneNumberId: string,
    state: HistoryState,
  ): Promise<HistoryItem> => {
    if (!follows(placeholder, state)) return { ...placeholder, media: 'never' };
    const key = await mediaKey('find', phoneNumberId, state, placeholder.message.id, thread.customer);
    const known = stateOf<MediaRecord>(await store.get(key));
    return known?.is === 'file' ? joinedItem(placeholder, known.message) : { ...placeholder, media: 'expected' };
  };

  const mediaCame = async (event: HistoryMediaEvent, phoneNumberId: string): Promise<void> => {
    const { id } = event.message;
    let known = stateOf<MediaRecord>(await store.get(await mediaKey('find', phoneNumberId, await read(phoneNumberId), id, event.customer)));
    for (;;) {
      if (known?.is === 'file' || known?.is === 'joined') {
        await apply(phoneNumberId, { type: 'duplicate' });
        return;
      }
      await deps.emitMedia(mediaOf(event, phoneNumberId, known));
      const standing = await recordMedia(event, phoneNumberId, known);
      if (standing === 'recorded') return;
      // The placeholder or the same file arrived while the listeners were running.
      known = standing;
    }
  };
  /**
   * Records an emitted file. If the stored half has changed since the file was emitted, it returns the stored half
   * instead.
   */
  const recordMedia = (
    event: HistoryMediaEvent,
    phoneNumberId: string,
    known: MediaRecord | undefined,
  ): Promise<MediaRecord | 'recorded'> =>
    updateRecord<HistoryRecord, MediaRecord | 'recorded'>(store, keyOf(phoneNumberId), async (record = emptyHistory) => {
      const key = await mediaKey('claim', phoneNumberId, record, event.message.id, event.customer);
      const entry = await store.get(key);
      const standing = stateOf<MediaRecord>(entry);
      if (standing && standing.is !== known?.is) return { result: standing };
      const { state, also } = changed(phoneNumberId, record, { type: 'media', joined: standing !== undefined });
      const next: JsonObject = standing ? { is: 'joined' } : { is: 'file', message: asJson(event.message) };
      return { state, also: [...also, writeOf(key, entry, next, keptMs)], result: 'recorded' };
    });

  const declined = async (event: HistoryDeclinedEvent, phoneNumberId: string): Promise<void> => {
    const { code, error_data: data, message, title } = event.error;
    const refusal: HistoryEvent = { type: 'declined', code, message: data?.details ?? message ?? title ?? 'Meta gave no reason.' };
    const { state, facts } = changed(phoneNumberId, await read(phoneNumberId), refusal);
    for (const fact of facts) await deps.emit(fact, viewOf(phoneNumberId, state));
    await apply(phoneNumberId, refusal);
  };

  return {
    module: { get: async (phoneNumberId) => viewOf(phoneNumberId, await read(phoneNumberId)) },
    begin: async (phoneNumberId, onboardingId, onboardedAtMs) => {
      await apply(phoneNumberId, { type: 'begun', onboardingId, onboardedAtMs });
    },
    requested: async (phoneNumberId) => {
      await apply(phoneNumberId, { type: 'requested' });
    },
    notRequested: async (phoneNumberId) => {
      await apply(phoneNumberId, { type: 'not-requested' });
    },
    observe: async (event) => {
      if (event.phoneNumberId === undefined) return;
      if (event.type === 'history.chunk') await chunkCame(event, event.phoneNumberId);
      if (event.type === 'history.media') await mediaCame(event, event.phoneNumberId);
      if (event.type === 'history.declined') await declined(event, event.phoneNumberId);
    },
    onDue: async ({ subject: phoneNumberId, dueAtMs }, nowMs) => {
      const record = await read(phoneNumberId);
      if (record.wakeAtMs !== dueAtMs) return;
      const { state, facts } = changed(phoneNumberId, clearDue(record), { type: 'time' }, nowMs);
      for (const fact of facts) await deps.emit(fact, viewOf(phoneNumberId, state));
      await updateRecord<HistoryRecord, undefined>(store, keyOf(phoneNumberId), (standing = emptyHistory) => {
        const next = changed(phoneNumberId, standing.wakeAtMs === dueAtMs ? clearDue(standing) : standing, { type: 'time' }, nowMs);
        return { state: next.state, also: next.also, result: undefined };
      });
    },
  };
}

function isPlaceholder({ message }: HistoryMessage): boolean {
  return message.type === 'media_placeholder';
}

/**
 * Returns a placeholder with its file. The file's message contains all fields of the placeholder's message, and the
 * content. The wamid of the placeholder is kept because listeners know it.
 */
function joinedItem(placeholder: HistoryMessage, file: JsonObject): HistoryItem {
  return { ...placeholder, message: { ...placeholder.message, ...file, id: placeholder.message.id }, media: 'joined' };
}

function placeOf(
  event: HistoryChunkEvent,
  phoneNumberId: string,
  thread: HistoryThread,
): Pick<HistoryBatch, 'phoneNumberId' | 'wabaId' | 'threadId' | 'customer'> {
  return {
    phoneNumberId,
    ...(event.wabaId !== undefined && { wabaId: event.wabaId }),
    ...(thread.id !== undefined && { threadId: thread.id }),
    ...(thread.customer && { customer: thread.customer }),
  };
}

function metOf(event: HistoryChunkEvent, phoneNumberId: string, thread: HistoryThread, item: HistoryItem): HistoryMedia {
  return { ...placeOf(event, phoneNumberId, thread), joined: true, item };
}

function mediaOf(event: HistoryMediaEvent, phoneNumberId: string, known: MediaRecord | undefined): HistoryMedia {
  const placeholder = known?.is === 'placeholder' ? known : undefined;
  const occurredAt = placeholder?.occurredAtMs === undefined ? event.occurredAt : new Date(placeholder.occurredAtMs);
  const customer = event.customer ?? placeholder?.customer;
  return {
    phoneNumberId,
    ...(event.wabaId !== undefined && { wabaId: event.wabaId }),
    ...(placeholder?.threadId !== undefined && { threadId: placeholder.threadId }),
    ...(customer && { customer }),
    joined: placeholder !== undefined,
    item: {
      direction: placeholder?.direction ?? event.direction,
      ...(occurredAt && { occurredAt }),
      ...(placeholder?.status !== undefined && { status: placeholder.status }),
      message: { ...event.message, ...(placeholder?.messageId !== undefined && { id: placeholder.messageId }) },
      media: 'joined',
    },
  };
}

function placeholderRecord(thread: HistoryThread, { direction, occurredAt, status, message }: HistoryMessage): MediaRecord {
  return {
    is: 'placeholder',
    messageId: message.id,
    direction,
    ...(occurredAt && { occurredAtMs: occurredAt.getTime() }),
    ...(status !== undefined && { status }),
    ...(thread.id !== undefined && { threadId: thread.id }),
    ...(thread.customer && { customer: asJson(thread.customer) }),
  };
}

/** Converts a value to JSON for the store. */
function asJson(value: object): JsonObject {
  // Webhook values come from JSON, so this only drops undefined values.
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

function viewOf(phoneNumberId: string, state: HistoryState): NumberHistory {
  const { status, progress, phases, duplicates, requestedAtMs, lastAtMs, settledAtMs, failure } = state;
  const sum = (count: (phase: HistoryState['phases'][number]) => number): number =>
    phases.reduce((total, phase) => total + count(phase), 0);
  return {
    phoneNumberId,
    status,
    progress,
    chunks: sum(({ chunks }) => chunks),
    messages: sum(({ messages }) => messages),
    phases: phases.map(({ phase, chunks, messages }) => ({ ...(phase !== undefined && { phase }), chunks, messages })),
    duplicates,
    media: { received: state.mediaReceived, joined: state.mediaJoined, expected: state.mediaExpected, never: state.mediaNever },
    gaps: historyGaps(state),
    ...(requestedAtMs !== undefined && { requestedAt: new Date(requestedAtMs) }),
    ...(lastAtMs !== undefined && { lastAt: new Date(lastAtMs) }),
    ...(settledAtMs !== undefined && { settledAt: new Date(settledAtMs) }),
    ...(failure && { failure }),
  };
}
