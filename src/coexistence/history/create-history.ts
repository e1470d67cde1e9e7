import { checkNumbers } from '../../errors/check-options.js';
import type { PersonIds } from '../../identity/person.js';
import type { JsonObject } from '../../runtime/json.js';
import { numberKey } from '../../runtime/keys.js';
import { stateOf, writeOf } from '../../stores/records.js';
import type {
  HistoryChunkEvent,
  HistoryDeclinedEvent,
  HistoryMediaEvent,
  HistoryMessage,
  HistoryThread,
} from '../../webhooks/fields/history.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { ModuleContext, ModuleService } from '../module-context.js';
import { createModule, type Module } from '../module.js';
import type { SignalBus } from '../signals.js';
import { messageIndex, peerOf } from '../same-conversation.js';
import type { Scope } from '../unit-of-work.js';
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
import type { NumberHistory, HistoryBatch, HistoryItem, HistoryMedia, HistoryModule, HistoryOptions } from './history-module.js';
import { byTime } from './thread.js';

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

/** Dependencies of {@link createHistory}. */
type HistoryDeps = ModuleContext & { readonly options: HistoryOptions };

/**
 * Creates the history module. It passes messages to the listeners. It stores only counters, chunk IDs, and unmatched
 * placeholders and files.
 *
 * Messages and files are emitted before they are recorded, because the record doesn't contain them. If a listener fails
 * or the process ends, the redelivered webhook emits them again.
 *
 * @param deps - What all modules share, and the options.
 */
export function createHistory(deps: HistoryDeps): ModuleService<HistoryModule> {
  return new HistoryService(deps);
}

class HistoryService implements ModuleService<HistoryModule> {
  readonly module: HistoryModule;
  readonly schedule: Module<HistoryState, HistoryEvent, HistoryFact>;
  readonly #deps: HistoryDeps;

  constructor(deps: HistoryDeps) {
    this.#deps = deps;
    const { clock, run, events } = deps;
    checkNumbers('createCoexistence: history', deps.options, { quietMs: { unit: 'ms' }, stalledAfterMs: { unit: 'ms' } });
    const rules: HistoryRules = { quietMs: deps.options.quietMs ?? 300_000, stalledAfterMs: deps.options.stalledAfterMs ?? 21_600_000 };
    this.schedule = createModule<HistoryState, HistoryEvent, HistoryFact>(
      {
        kind: 'history',
        reduce: (state = emptyHistory, event, nowMs) => historyChange(state, event, nowMs, rules),
        timeEvent: { type: 'time' },
        nextCheckAt: (state) => nextHistoryCheck(state, rules),
        hasListeners: (fact) => events.hasListeners(`history.${fact}`),
        emit: (fact, phoneNumberId, state) => events.emit(`history.${fact}`, { ...viewOf(phoneNumberId, state), status: fact }),
      },
      run,
      clock,
    );
    this.module = {
      get: async (phoneNumberId) => viewOf(phoneNumberId, await run((scope) => this.#read(scope, phoneNumberId))),
    };
    this.#listen(deps.signals);
  }

  async observe(event: WebhookEvent, scope: Scope): Promise<void> {
    const { phoneNumberId } = event;
    if (phoneNumberId === undefined) return;
    // Listeners of messages and files run outside of the transaction, so that it stays short.
    if (event.type === 'history.chunk') scope.afterCommit(() => this.#onChunk(event, phoneNumberId));
    if (event.type === 'history.media') scope.afterCommit(() => this.#onMedia(event, phoneNumberId));
    if (event.type === 'history.declined') await this.#onDeclined(event, phoneNumberId, scope);
  }

  #listen(signals: SignalBus): void {
    signals.on('number.confirmed', async ({ phoneNumberId, onboardingId, onboardedAtMs }, scope) => {
      await this.#apply(scope, phoneNumberId, { type: 'begun', onboardingId, onboardedAtMs });
    });
    signals.on('number.imported', async ({ phoneNumberId, onboardingId, onboardedAtMs }, scope) => {
      await this.#apply(scope, phoneNumberId, { type: 'begun', onboardingId, onboardedAtMs });
    });
    signals.on('sync.starting', async ({ phoneNumberId, syncType }, scope) => {
      if (syncType === 'history') await this.#apply(scope, phoneNumberId, { type: 'requested' });
    });
    signals.on('sync.rejected', async ({ phoneNumberId, syncType }, scope) => {
      if (syncType === 'history') await this.#apply(scope, phoneNumberId, { type: 'not-requested' });
    });
  }

  async #apply(scope: Scope, phoneNumberId: string, event: HistoryEvent): Promise<HistoryState | undefined> {
    return this.schedule.apply(scope, phoneNumberId, event);
  }

  async #read(scope: Scope, phoneNumberId: string): Promise<HistoryState> {
    return (await this.schedule.read(scope, phoneNumberId)) ?? emptyHistory;
  }

  /** Each onboarding has its own keys because a later onboarding delivers the same messages again. */
  #partKey(phoneNumberId: string, state: HistoryState, kind: 'chunk' | 'media', id: string): string {
    return numberKey(phoneNumberId, 'history', state.onboardingId ?? '-', kind, id);
  }

  /**
   * Returns the key of a message's stored half, by its own wamid or by another spelling in the same conversation. With
   * `claim`, a message that isn't stored gets a key, and its other spellings find it from then on.
   */
  async #mediaKey(
    how: 'find' | 'claim',
    { store, register }: Scope,
    phoneNumberId: string,
    state: HistoryState,
    messageId: string,
    customer: PersonIds = peerOf(messageId),
  ): Promise<string> {
    const key = this.#partKey(phoneNumberId, state, 'media', messageId);
    if (await store.get(key)) return key;
    const index = messageIndex(store, register, `history-media-${state.onboardingId ?? '-'}`, keptMs);
    const storedId = await index[how](phoneNumberId, messageId, customer);
    return storedId === undefined ? key : this.#partKey(phoneNumberId, state, 'media', storedId);
  }

  async #onChunk(event: HistoryChunkEvent, phoneNumberId: string): Promise<void> {
    const chunkId = chunkIdOf(event);
    const before = await this.#deps.run(async (scope) => {
      const state = await this.#read(scope, phoneNumberId);
      return { state, isKnown: (await scope.store.get(this.#partKey(phoneNumberId, state, 'chunk', chunkId))) !== undefined };
    });
    const emitted = new Map<string, HistoryItem>();
    for (const thread of before.isKnown ? [] : event.threads) {
      const batch = await this.#deps.run((scope) => this.#batchOf(event, phoneNumberId, thread, before.state, scope));
      for (const item of batch.messages) emitted.set(item.message.id, item);
      if (batch.messages.length > 0) await this.#deps.events.emit('history.messages', batch);
    }
    const counted = await this.#deps.run((scope) => this.#countChunk(event, phoneNumberId, chunkId, emitted, scope));
    for (const media of counted.met) await this.#deps.events.emit('history.media', media);
    await this.#deps.events.emit('history.progress', viewOf(phoneNumberId, counted.state));
  }

  /** Counts a chunk one time, and records its placeholders. */
  async #countChunk(
    event: HistoryChunkEvent,
    phoneNumberId: string,
    chunkId: string,
    emitted: ReadonlyMap<string, HistoryItem>,
    scope: Scope,
  ): Promise<{ readonly state: HistoryState; readonly met: readonly HistoryMedia[] }> {
    const { store } = scope;
    const before = await this.#read(scope, phoneNumberId);
    const apply = async (change: HistoryEvent): Promise<HistoryState> => (await this.#apply(scope, phoneNumberId, change)) ?? before;
    const isNew = await store.setIfAbsent(this.#partKey(phoneNumberId, before, 'chunk', chunkId), true, { ttlMs: keptMs });
    if (!isNew.written) return { state: await apply({ type: 'duplicate' }), met: [] };
    const met: HistoryMedia[] = [];
    const counts = { joined: 0, expected: 0, never: 0 };
    const seen = new Set<string>();
    for (const thread of event.threads) {
      for (const placeholder of thread.messages) {
        const { id } = placeholder.message;
        if (!isPlaceholder(placeholder) || seen.has(id)) continue;
        seen.add(id);
        if (!this.#follows(placeholder, before)) {
          counts.never += 1;
          continue;
        }
        const key = await this.#mediaKey('claim', scope, phoneNumberId, before, id, thread.customer);
        const entry = await store.get(key);
        const known = stateOf<MediaRecord>(entry);
        if (known?.is === 'file') {
          counts.joined += 1;
          await store.batch([writeOf(key, entry, { is: 'joined' }, keptMs)]);
          // The file arrived after the messages were emitted.
          if (emitted.get(id)?.media !== 'joined') met.push(metOf(event, phoneNumberId, thread, joinedItem(placeholder, known.message)));
        } else if (!known) {
          counts.expected += 1;
          await store.batch([writeOf(key, entry, placeholderRecord(thread, placeholder), keptMs)]);
        }
      }
    }
    const { phase, chunkOrder, progress } = event;
    const state = await apply({
      type: 'chunk',
      messages: messageCount(event),
      ...counts,
      ...(phase !== undefined && { phase }),
      ...(chunkOrder !== undefined && { chunkOrder }),
      ...(progress !== undefined && { progress }),
    });
    return { state, met };
  }

  #follows(placeholder: HistoryMessage, state: HistoryState): boolean {
    return mayFollow(
      placeholder,
      state.onboardedAtMs ?? state.requestedAtMs ?? this.#deps.clock.now(),
      this.#deps.policy.limits.historyMediaDays,
    );
  }

  async #batchOf(
    event: HistoryChunkEvent,
    phoneNumberId: string,
    thread: HistoryThread,
    state: HistoryState,
    scope: Scope,
  ): Promise<HistoryBatch> {
    const messages: HistoryItem[] = [];
    for (const message of thread.messages)
      messages.push(isPlaceholder(message) ? await this.#itemOf(message, thread, phoneNumberId, state, scope) : message);
    const { phase, chunkOrder } = event;
    return {
      ...placeOf(event, phoneNumberId, thread),
      ...(phase !== undefined && { phase }),
      ...(chunkOrder !== undefined && { chunkOrder }),
      messages: byTime(messages),
    };
  }

  async #itemOf(
    placeholder: HistoryMessage,
    thread: HistoryThread,
    phoneNumberId: string,
    state: HistoryState,
    scope: Scope,
  ): Promise<HistoryItem> {
    if (!this.#follows(placeholder, state)) return { ...placeholder, media: 'never' };
    const key = await this.#mediaKey('find', scope, phoneNumberId, state, placeholder.message.id, thread.customer);
    const known = stateOf<MediaRecord>(await scope.store.get(key));
    return known?.is === 'file' ? joinedItem(placeholder, known.message) : { ...placeholder, media: 'expected' };
  }

  async #onMedia(event: HistoryMediaEvent, phoneNumberId: string): Promise<void> {
    const { id } = event.message;
    let known = await this.#deps.run(async (scope) => {
      const key = await this.#mediaKey('find', scope, phoneNumberId, await this.#read(scope, phoneNumberId), id, event.customer);
      return stateOf<MediaRecord>(await scope.store.get(key));
    });
    for (;;) {
      if (known?.is === 'file' || known?.is === 'joined') {
        await this.#deps.run((scope) => this.#apply(scope, phoneNumberId, { type: 'duplicate' }));
        return;
      }
      await this.#deps.events.emit('history.media', mediaOf(event, phoneNumberId, known));
      const emittedWith = known;
      const standing = await this.#deps.run((scope) => this.#recordMedia(event, phoneNumberId, emittedWith, scope));
      if (standing === 'recorded') return;
      // The placeholder or the same file arrived while the listeners were running.
      known = standing;
    }
  }

  /**
   * Records an emitted file. If the stored half has changed since the file was emitted, it returns the stored half
   * instead.
   */
  async #recordMedia(
    event: HistoryMediaEvent,
    phoneNumberId: string,
    known: MediaRecord | undefined,
    scope: Scope,
  ): Promise<MediaRecord | 'recorded'> {
    const state = await this.#read(scope, phoneNumberId);
    const key = await this.#mediaKey('claim', scope, phoneNumberId, state, event.message.id, event.customer);
    const entry = await scope.store.get(key);
    const standing = stateOf<MediaRecord>(entry);
    if (standing && standing.is !== known?.is) return standing;
    const next: JsonObject = standing ? { is: 'joined' } : { is: 'file', message: asJson(event.message) };
    await scope.store.batch([writeOf(key, entry, next, keptMs)]);
    await this.#apply(scope, phoneNumberId, { type: 'media', joined: standing !== undefined });
    return 'recorded';
  }

  async #onDeclined({ error }: HistoryDeclinedEvent, phoneNumberId: string, scope: Scope): Promise<void> {
    const { code, error_data: data, message, title } = error;
    const reason = data?.details ?? message ?? title ?? 'Meta gave no reason.';
    await this.#apply(scope, phoneNumberId, { type: 'declined', code, message: reason });
  }
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
