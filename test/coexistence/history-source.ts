import type { HistoryBatch } from 'wa-coexist/coexistence';
import type { WebhookEventOf } from 'wa-coexist/webhooks';

/** A random number generator that returns the next number from 0 to 1. */
export type Random = () => number;

/** Creates a generator that returns the same numbers for the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const copy = [...items];
  for (let index = copy.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const [one, two] = [copy[index], copy[other]];
    if (one !== undefined && two !== undefined) [copy[index], copy[other]] = [two, one];
  }
  return copy;
}

export type ChunkEvent = WebhookEventOf<'history.chunk'>;
export type MediaEvent = WebhookEventOf<'history.media'>;

export const phoneNumberId = '339900000000001';
const dayMs = 86_400_000;

export interface Source {
  readonly chunks: ChunkEvent[];
  readonly media: MediaEvent[];
  /** Wamids of each thread, ordered by time. */
  readonly threads: Map<string, string[]>;
  readonly messages: number;
  /** Placeholders whose file is too old to be sent. */
  readonly never: number;
}

/**
 * Generates chats of the 180 days before `onboardedAtMs`, split into chunks like Meta's: by time band, numbered per
 * band or throughout.
 */
export function historySource(
  onboardedAtMs: number,
  random: Random,
  options: { chunks: number; perPhase: boolean; messagesPerChunk: number },
): Source {
  const total = options.chunks * options.messagesPerChunk;
  const customers = Array.from({ length: 7 }, (_, index) => `1555010${String(1000 + index)}`);
  const times = Array.from({ length: total }, (_, index) => onboardedAtMs - 1_000 - Math.floor((index * 179 * dayMs) / total));
  const phaseAt = (atMs: number): number => {
    const days = (onboardedAtMs - atMs) / dayMs;
    return days < 1 ? 0 : days < 90 ? 1 : 2;
  };
  const media: MediaEvent[] = [];
  const threads = new Map<string, string[]>(customers.map((customer) => [customer, []]));
  let never = 0;
  const messages = times.map((atMs, index) => {
    const customer = customers[Math.floor(random() * customers.length)] ?? '';
    const id = `wamid.EXAMPLE${String(index).padStart(5, '0')}`;
    threads.get(customer)?.unshift(id);
    const direction = random() < 0.5 ? ('inbound' as const) : ('outbound' as const);
    const occurredAt = new Date(Math.floor(atMs / 1000) * 1000);
    const isMedia = random() < 0.3;
    if (isMedia && atMs < onboardedAtMs - 14 * dayMs) never += 1;
    else if (isMedia) {
      media.push({
        type: 'history.media',
        field: 'history',
        phoneNumberId,
        key: id,
        raw: {},
        occurredAt,
        direction,
        customer: { waId: customer },
        message: { id, type: 'image', image: { id: `880${String(index)}`, mime_type: 'image/jpeg' } },
      });
    }
    const content = isMedia
      ? ({ type: 'media_placeholder' } as const)
      : ({ type: 'text', text: { body: `text ${String(index)}` } } as const);
    return { customer, phase: phaseAt(occurredAt.getTime()), item: { direction, occurredAt, status: 'READ', message: { id, ...content } } };
  });
  const chunks: ChunkEvent[] = [];
  const perPhaseOrder = [0, 0, 0];
  for (const phase of [0, 1, 2]) {
    const ofPhase = messages.filter((message) => message.phase === phase);
    for (let start = 0; start < ofPhase.length; start += options.messagesPerChunk) {
      const part = ofPhase.slice(start, start + options.messagesPerChunk);
      perPhaseOrder[phase] = (perPhaseOrder[phase] ?? 0) + 1;
      chunks.push({
        type: 'history.chunk',
        field: 'history',
        phoneNumberId,
        key: `chunk-${String(chunks.length)}`,
        raw: {},
        phase,
        chunkOrder: options.perPhase ? perPhaseOrder[phase] : chunks.length + 1,
        threads: customers
          .map((customer) => ({
            id: customer,
            customer: { waId: customer },
            messages: part.filter((message) => message.customer === customer).map(({ item }) => item),
          }))
          .filter((thread) => thread.messages.length > 0),
      });
    }
  }
  const last = chunks.length;
  return {
    chunks: chunks.map((chunk, index) => ({ ...chunk, progress: Math.floor(((index + 1) * 100) / last) })),
    media,
    threads,
    messages: total,
    never,
  };
}

/** Returns the wamids of a batch. */
export function idsOf(batch: HistoryBatch): string[] {
  return batch.messages.map(({ message }) => message.id);
}
