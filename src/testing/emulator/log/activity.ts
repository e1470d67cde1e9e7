import type { FakeCloudApi } from '../../fake/fake-cloud-api.js';
import type { FakeDelivery } from '../../fake/fake-delivery.js';
import type { LogDetails, LogPage } from '../view.js';
import { summarizeDelivery } from './about-delivery.js';
import { aboutRequest } from './about-request.js';
import { deliveryCurl, requestCurl } from './curl.js';
import { entryView } from './entry-view.js';
import type { LogEntry } from './log-entry.js';

/** Selects entries of the log. */
export interface LogQuery {
  readonly kind?: 'request' | 'delivery' | undefined;
  /** Only failed, rejected, dropped and repeated ones. */
  readonly problemsOnly?: boolean | undefined;
  /** Text in the entry or its bodies, in upper or lower case. */
  readonly text?: string | undefined;
  /** Only entries before this position. */
  readonly before?: number | undefined;
}

/** The log of an emulator: requests of programs, and webhooks. */
export interface Activity {
  page(query: LogQuery): LogPage;
  /** Returns an entry with its bodies. */
  details(position: number, urls: { readonly emulator: string; readonly receiver: string | undefined }): LogDetails | undefined;
  readonly counts: { readonly requests: number; readonly deliveries: number };
  /** Deliveries that wait for their receiver. */
  readonly waiting: number;
  close(): void;
}

const pageSize = 50;

/** Records what a fake does from now on, and its stored deliveries. */
export function createActivity(fake: FakeCloudApi, maxEntries: number): Activity {
  const entries: LogEntry[] = [];
  const seen = new Map<number, LogEntry>();
  const waiting = new Set<number>();
  const counts = { requests: 0, deliveries: 0 };
  let last = 0;

  const trim = (): void => {
    if (entries.length <= maxEntries * 1.1) return;
    for (const entry of entries.splice(0, entries.length - maxEntries)) if ('delivery' in entry) seen.delete(entry.delivery.id);
  };
  const noteDelivery = (delivery: FakeDelivery, atMs: number): void => {
    if (delivery.state === 'waiting') waiting.add(delivery.id);
    else waiting.delete(delivery.id);
    if (seen.has(delivery.id)) return;
    last += 1;
    counts.deliveries += 1;
    const entry = { position: last, atMs, delivery };
    seen.set(delivery.id, entry);
    entries.push(entry);
    trim();
  };
  for (const delivery of fake.deliveries) noteDelivery(delivery, delivery.attempts[0]?.at.getTime() ?? fake.clock.now());
  const stops = [
    fake.on('request', (request) => {
      last += 1;
      counts.requests += 1;
      entries.push({ position: last, atMs: request.at.getTime(), request });
      trim();
    }),
    fake.on('delivery', (delivery) => {
      noteDelivery(delivery, fake.clock.now());
    }),
  ];

  return {
    counts,
    get waiting() {
      return waiting.size;
    },
    page({ kind, problemsOnly, text = '', before = Number.POSITIVE_INFINITY }) {
      const found: LogEntry[] = [];
      const wanted = text.toLowerCase();
      for (let index = entries.length - 1; index >= 0 && found.length <= pageSize; index -= 1) {
        const entry = entries[index];
        if (entry === undefined || entry.position >= before) continue;
        if (kind !== undefined && !(kind in entry)) continue;
        if (problemsOnly && !isProblem(entry)) continue;
        if (wanted === '' || contains(entry, wanted)) found.push(entry);
      }
      const shown = found.slice(0, pageSize);
      return {
        entries: shown.map(entryView),
        ...(found.length > pageSize && { next: shown.at(-1)?.position ?? 0 }),
      };
    },
    details(position, { emulator, receiver }) {
      const entry = entries.find((other) => other.position === position);
      if (!entry) return undefined;
      if ('request' in entry) {
        const { request } = entry;
        return {
          sent: JSON.stringify(request.body, null, 2),
          ...(request.responseText !== undefined && { received: indented(request.responseText) }),
          curl: requestCurl(request, emulator),
        };
      }
      const { body, signature, attempts } = entry.delivery;
      const received = attempts.at(-1)?.responseText;
      return {
        sent: indented(body),
        ...(received !== undefined && { received }),
        curl: deliveryCurl({ body, signature }, receiver),
      };
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}

function isProblem(entry: LogEntry): boolean {
  if ('request' in entry) return entry.request.status === undefined || entry.request.status >= 400;
  const { state, attempts } = entry.delivery;
  return state === 'abandoned' || state === 'dropped' || attempts.some(({ status }) => status !== 200);
}

function contains(entry: LogEntry, wanted: string): boolean {
  const texts =
    'request' in entry
      ? [
          `${entry.request.method} ${entry.request.path} ${String(entry.request.status)} ${String(entry.request.errorCode ?? '')}`,
          aboutRequest(entry.request),
          JSON.stringify(entry.request.body),
          entry.request.responseText ?? '',
        ]
      : [entry.delivery.fields.join(' '), entry.delivery.state, summarizeDelivery(entry.delivery).about, entry.delivery.body];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
