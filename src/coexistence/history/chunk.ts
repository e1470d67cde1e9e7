import type { HistoryChunkEvent, HistoryMessage } from '../../webhooks/events/history.js';
import { fingerprint } from '../../runtime/fingerprint.js';

/**
 * What tells a chunk from every other: its place and the wamids in it. Place alone would not do, as Meta does not say that no two
 * deliveries share one.
 */
export function chunkIdOf(event: HistoryChunkEvent): string {
  const ids = event.threads.map(({ messages }) => messages.map(({ message }) => message.id).join('\n')).join('\n\n');
  return [event.phase ?? '', event.chunkOrder ?? '', fingerprint(ids)].join('-');
}

/** Messages of a chunk, each wamid once. */
export function messageCount(event: HistoryChunkEvent): number {
  return new Set(event.threads.flatMap(({ messages }) => messages.map(({ message }) => message.id))).size;
}

const dayMs = 86_400_000;

/** Whether the file of a placeholder may still come: Meta sends none that were older than so many days at onboarding. */
export function mayFollow(placeholder: HistoryMessage, onboardedAtMs: number, mediaDays: number): boolean {
  const occurredAtMs = placeholder.occurredAt?.getTime();
  return occurredAtMs === undefined || occurredAtMs >= onboardedAtMs - mediaDays * dayMs;
}
