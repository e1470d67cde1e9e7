import { isMedia } from './content.js';
import type { FakeState } from './fake-state.js';
import { declinedError, head, historyMediaValue, historyThread, pastMessage, type WebhookValue } from './webhook-values.js';
import { renewFile } from './files.js';
import { followUpContent, quoteContext } from './follow-up-content.js';
import { followUpId } from './message-ids.js';
import { chatOf } from './chats.js';
import type { BusinessNumber, ChatMessage, Person } from './entities.js';
import { personOf } from './people.js';
import type { World } from './world.js';

const dayMs = 24 * 60 * 60 * 1_000;
const usualChunkMessages = 200;

/** Last day of each phase, counted back from onboarding. Source: Meta, history webhook reference (12 Dec 2025). */
const phases = [
  { phase: 0, fromDay: 0, toDay: 1 },
  { phase: 1, fromDay: 1, toDay: 90 },
  { phase: 2, fromDay: 90, toDay: Number.POSITIVE_INFINITY },
] as const;

/** Sends the result of `smb_app_data`: the chats of the last 180 days, or the error that they are not shared. */
export function sendHistory({ world, webhooks }: FakeState, number: BusinessNumber): void {
  const emit = (value: WebhookValue): void => {
    webhooks.emit(number, 'history', value);
  };
  if (!number.sharesHistory) {
    emit({ ...head(number), history: [{ errors: [declinedError()] }] });
    return;
  }
  const { chunkMessages = usualChunkMessages, mediaFirst = false, stopAfterChunks } = number.historySync;
  const shared = sharedMessages(world, number);
  const chunks = chunksOf(world, number, shared, chunkMessages);
  const sendMedia = (): void => {
    if (stopAfterChunks !== undefined) return;
    for (const value of mediaOf(world, number, shared)) emit(value);
  };
  if (mediaFirst) sendMedia();
  for (const chunk of chunks.slice(0, stopAfterChunks)) emit({ ...head(number), history: [chunk] });
  if (!mediaFirst) sendMedia();
}

function sharedMessages(world: World, number: BusinessNumber): readonly ChatMessage[] {
  const oldestMs = number.onboardedAtMs - world.policy.limits.historyDays * dayMs;
  return [...number.chats.keys()]
    .flatMap((customerWaId) => chatOf(world, number, customerWaId))
    .filter(({ atMs, deleted, era }) => atMs >= oldestMs && atMs <= number.onboardedAtMs && era < number.onboardings && !deleted)
    .sort((one, other) => one.atMs - other.atMs);
}

/** Elements of `history[]`. A phase without messages has none; `chunk_order` starts anew with each phase. */
function chunksOf(world: World, number: BusinessNumber, messages: readonly ChatMessage[], size: number): readonly WebhookValue[] {
  const chunks: WebhookValue[] = [];
  let sentMessages = 0;
  for (const { phase, fromDay, toDay } of phases) {
    const inPhase = messages.filter(({ atMs }) => {
      const ageDays = (number.onboardedAtMs - atMs) / dayMs;
      return ageDays >= fromDay && ageDays < toDay;
    });
    // Chat by chat, so that few chunks hold a piece of the same chat.
    const byChat = [...byCustomer(inPhase).values()].flat();
    for (let start = 0, order = 1; start < byChat.length; start += size, order += 1) {
      const inChunk = byChat.slice(start, start + size);
      sentMessages += inChunk.length;
      const progress = Math.floor((sentMessages / messages.length) * 100);
      chunks.push({ metadata: { phase, chunk_order: order, progress }, threads: threadsOf(world, number, inChunk) });
    }
  }
  return chunks;
}

function threadsOf(world: World, number: BusinessNumber, messages: readonly ChatMessage[]): readonly WebhookValue[] {
  return [...byCustomer(messages)].map(([waId, inThread]) => {
    const person = personOf(world, waId);
    return historyThread(
      person,
      inThread.map((message) => {
        const content = isMedia(message.content.type) ? { type: 'media_placeholder' } : message.content;
        const shown = { ...message, id: followUpId(world, message, person), content: followUpContent(world, person, content) };
        return { ...pastMessage(number, person, shown), ...contextOf(world, number, person, message) };
      }),
    );
  });
}

function byCustomer(messages: readonly ChatMessage[]): ReadonlyMap<string, readonly ChatMessage[]> {
  const chats = new Map<string, ChatMessage[]>();
  for (const message of messages) {
    const chat = chats.get(message.customerWaId);
    if (chat) chat.push(message);
    else chats.set(message.customerWaId, [message]);
  }
  return chats;
}

/** The quote in a message of the past. */
function contextOf(world: World, number: BusinessNumber, person: Person, { quotes }: ChatMessage): WebhookValue {
  return quotes === undefined ? {} : { context: quoteContext(world, number, person, world.messages.get(quotes), quotes) };
}

/** The media of the last 14 days, a webhook each, with the wamids of their placeholders. */
function mediaOf(world: World, number: BusinessNumber, messages: readonly ChatMessage[]): readonly WebhookValue[] {
  const oldestMs = number.onboardedAtMs - world.policy.limits.historyMediaDays * dayMs;
  return messages
    .filter(({ atMs, content }) => atMs >= oldestMs && isMedia(content.type))
    .map((message) => {
      const { type } = message.content;
      const content = { ...message.content, [type]: renewFile(world, message.content[type]) };
      const person = personOf(world, message.customerWaId);
      return historyMediaValue(number, person, { ...message, id: followUpId(world, message, person), content });
    });
}
