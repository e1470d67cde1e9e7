import { findMessageId, messageToken } from '../../identity/message-id.js';
import type { HistoryBatch, HistoryItem } from './history-module.js';

/** A message with its position in the history, which orders messages of the same second. */
export interface PlacedItem {
  readonly item: HistoryItem;
  /** The chunk order. Messages of chunks without an order sort last. */
  readonly chunkOrder: number;
  /** The position in the batch. */
  readonly index: number;
}

/**
 * Adds a batch to a thread. The thread is ordered by time and contains each wamid once. Batches can arrive repeatedly
 * and in any order.
 *
 * Use it if you store the batches of {@link CoexistenceEvents} in memory. With a database, upsert each batch by wamid
 * and sort in the query.
 *
 * @param thread - The messages so far.
 * @param batch - The batch of a `history.messages` event.
 *
 * @example
 * ```ts
 * import { mergeHistory, type HistoryBatch } from 'wa-coexist/coexistence';
 *
 * const batches: readonly HistoryBatch[] = [];
 * const thread = batches.reduce(mergeHistory, []);
 * console.log(thread.map(({ item }) => item.message.id));
 * ```
 */
export function mergeHistory(thread: readonly PlacedItem[], batch: HistoryBatch): readonly PlacedItem[] {
  const chunkOrder = batch.chunkOrder ?? Number.MAX_SAFE_INTEGER;
  const byId = new Map(thread.map((placed) => [placed.item.message.id, placed]));
  const idsByToken = new Map<string, string[]>();
  const remember = (id: string): void => {
    const token = messageToken(id);
    if (token !== undefined) idsByToken.set(token, [...(idsByToken.get(token) ?? []), id]);
  };
  for (const id of byId.keys()) remember(id);
  for (const [index, item] of batch.messages.entries()) {
    const placed = { item, chunkOrder, index };
    const { id } = item.message;
    // A thread is one conversation. A message may arrive with another spelling of its wamid.
    const knownId = byId.has(id) ? id : findMessageId(id, idsByToken.get(messageToken(id) ?? '') ?? []);
    const known = knownId === undefined ? undefined : byId.get(knownId);
    if (known === undefined) remember(id);
    byId.set(knownId ?? id, known ? better(known, placed) : placed);
  }
  return [...byId.values()].sort(inOrder);
}

/**
 * Sorts messages by time. Messages without a time sort first.
 *
 * @param messages - The messages of a batch.
 */
export function byTime(messages: readonly HistoryItem[]): readonly HistoryItem[] {
  return messages
    .map((item, index) => ({ item, chunkOrder: 0, index }))
    .sort(inOrder)
    .map(({ item }) => item);
}

function inOrder(left: PlacedItem, right: PlacedItem): number {
  return (
    (left.item.occurredAt?.getTime() ?? 0) - (right.item.occurredAt?.getTime() ?? 0) ||
    left.chunkOrder - right.chunkOrder ||
    left.index - right.index ||
    (left.item.message.id < right.item.message.id ? -1 : 1)
  );
}

/** Returns the duplicate with more content, or the first one in the order. */
function better(left: PlacedItem, right: PlacedItem): PlacedItem {
  const leftIsEmpty = left.item.message.type === 'media_placeholder';
  const rightIsEmpty = right.item.message.type === 'media_placeholder';
  if (leftIsEmpty !== rightIsEmpty) return leftIsEmpty ? right : left;
  return inOrder(left, right) <= 0 ? left : right;
}
