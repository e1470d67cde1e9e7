import type { HistoryChunkEvent, HistoryMessage } from '../../webhooks/fields/history.js';
import { fingerprint } from '../../runtime/fingerprint.js';

/**
 * Returns an ID that identifies a chunk: its phase, its order and its wamids. Phase and order alone aren't enough
 * because Meta doesn't guarantee that they are unique.
 *
 * @param event - The chunk.
 */
export function chunkIdOf(event: HistoryChunkEvent): string {
  const ids = event.threads.map(({ messages }) => messages.map(({ message }) => message.id).join('\n')).join('\n\n');
  return [event.phase ?? '', event.chunkOrder ?? '', fingerprint(ids)].join('-');
}

/**
 * Counts the messages of a chunk. Each wamid counts once.
 *
 * @param event - The chunk.
 */
export function messageCount(event: HistoryChunkEvent): number {
  return new Set(event.threads.flatMap(({ messages }) => messages.map(({ message }) => message.id))).size;
}

const dayMs = 86_400_000;

/**
 * Returns whether the file of a placeholder may still arrive. Meta doesn't send files that were older than `mediaDays`
 * at onboarding.
 *
 * @param placeholder - The message without its file.
 * @param onboardedAtMs - The time of the onboarding.
 * @param mediaDays - The maximum age of a file in days.
 */
export function mayFollow(placeholder: HistoryMessage, onboardedAtMs: number, mediaDays: number): boolean {
  const occurredAtMs = placeholder.occurredAt?.getTime();
  return occurredAtMs === undefined || occurredAtMs >= onboardedAtMs - mediaDays * dayMs;
}
