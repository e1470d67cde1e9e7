import { vi } from 'vitest';
import { createClient, type Client, type ClientOptions } from 'wa-coexist';
import type { FakeClock } from 'wa-coexist/testing';
import type { StatusEvent } from '../../src/webhooks/fields/messages.js';

/** A message that the virtual Meta accepted. */
export interface Accepted {
  readonly atMs: number;
  /** Graph id of the number that sent it. */
  readonly from: string;
  readonly id: string;
  readonly to: string;
  readonly text: string;
  readonly data: string | undefined;
}

/** What happens to one request instead of Meta's rules: an error before or after acceptance. */
export type Fault =
  | 'refused-connection'
  | 'server-error-before'
  | 'server-error-after'
  | 'cut-before'
  | 'cut-after'
  | { readonly code: number; readonly httpStatus?: number; readonly retryAfter?: string }
  | { readonly answer: Response };

export interface VirtualMetaOptions {
  /** Messages in any trailing second; may change with time. */
  readonly cap?: number | ((nowMs: number) => number);
  /** Whether refused requests use up the window, too. */
  readonly count?: 'accepted' | 'received';
  /** Travel time of a request or an answer. */
  readonly travelMs?: () => number;
  /** Whether one message in 6 s to one recipient with 45 ahead is kept to. */
  readonly pairRate?: boolean;
  readonly fault?: (request: { readonly number: number; readonly text: string; readonly to: string }) => Fault | undefined;
}

/** The messages endpoint with Meta's rules, on a virtual clock. */
export function virtualMeta(clock: FakeClock, options: VirtualMetaOptions = {}) {
  const { cap = Infinity, count = 'accepted', travelMs = () => 0, fault } = options;
  const arrivals: number[] = [];
  const accepted: Accepted[] = [];
  const refusals: { readonly atMs: number; readonly code: number; readonly to: string }[] = [];
  const bodies: Record<string, unknown>[] = [];
  const paidUntil = new Map<string, number>();
  let requests = 0;

  const travel = (): Promise<void> =>
    new Promise((resolve) => {
      clock.schedule(resolve, travelMs());
    });
  const cut = (code: string): TypeError => new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  const refuse = (code: number, to: string, httpStatus = 400, headers: Record<string, string> = {}): Response => {
    refusals.push({ atMs: clock.monotonic(), code, to });
    return Response.json(
      { error: { message: `(#${String(code)}) Refused`, type: 'OAuthException', code } },
      { status: httpStatus, headers },
    );
  };
  const answer = (from: string, body: Record<string, unknown>): Response => {
    const now = clock.monotonic();
    const to = String(body.to);
    const times = count === 'received' ? arrivals.slice(0, -1) : accepted.filter((entry) => entry.from === from).map(({ atMs }) => atMs);
    const inWindow = times.filter((atMs) => atMs > now - 1_000).length;
    if (inWindow >= (typeof cap === 'number' ? cap : cap(now))) return refuse(130429, to);
    const debt = paidUntil.get(to) ?? 0;
    if (options.pairRate === true && debt > now + 45 * 6_000) return refuse(131056, to);
    paidUntil.set(to, Math.max(debt, now) + 6_000);
    const id = `wamid.EXAMPLE${String(accepted.length + 1)}`;
    const text = (body.text as { body: string }).body;
    accepted.push({ atMs: now, from, id, to, text, data: body.biz_opaque_callback_data as string | undefined });
    return Response.json({ messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to }], messages: [{ id }] });
  };

  const fetch = async (input: Request | URL | string, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const from = new URL(request.url).pathname.split('/').at(-2) ?? '';
    const body = (await request.json()) as Record<string, unknown>;
    requests += 1;
    const planned = fault?.({ number: requests, text: (body.text as { body: string }).body, to: String(body.to) });
    if (planned === 'refused-connection') throw cut('ECONNREFUSED');
    await travel();
    arrivals.push(clock.monotonic());
    bodies.push(body);
    if (planned === 'cut-before') throw cut('ECONNRESET');
    if (planned === 'server-error-before') return Response.json({ error: { message: 'Later', code: 131016 } }, { status: 500 });
    if (typeof planned === 'object' && 'answer' in planned) return planned.answer;
    const response =
      typeof planned === 'object'
        ? refuse(
            planned.code,
            String(body.to),
            planned.httpStatus,
            planned.retryAfter === undefined ? {} : { 'retry-after': planned.retryAfter },
          )
        : answer(from, body);
    await travel();
    if (planned === 'cut-after') throw cut('ECONNRESET');
    if (planned === 'server-error-after') return Response.json({ error: { message: 'Later', code: 131016 } }, { status: 500 });
    return response;
  };
  return {
    fetch,
    arrivals,
    accepted,
    refusals,
    /** Bodies in the order of arrival. */
    bodies,
    client: (own: ClientOptions = {}): Client =>
      createClient({
        accessToken: 'EXAMPLE-TOKEN',
        phoneNumberId: '106540352242922',
        fetch,
        clock,
        ...own,
      }),
    /** How many of the given times lie in the fullest window of one second. */
    maxInOneSecond: (times: readonly number[] = arrivals): number =>
      Math.max(0, ...times.map((start) => times.filter((atMs) => atMs >= start && atMs < start + 1_000).length)),
  };
}

/** A status webhook about an accepted message, as an event. */
export function statusOf({ id, to, data }: Pick<Accepted, 'id' | 'to' | 'data'>, status = 'sent'): StatusEvent {
  return {
    type: 'status',
    field: 'messages',
    key: `${id}:${status}`,
    raw: {},
    status: { id, status, recipient_id: to, timestamp: '1793610000', ...(data !== undefined && { biz_opaque_callback_data: data }) },
  };
}

/** Lets time pass until a promise settles. */
export async function pass<Result>(clock: FakeClock, promise: Promise<Result>): Promise<Result> {
  const progress = { settled: false };
  const mark = (): void => {
    progress.settled = true;
  };
  promise.then(mark, mark);
  await clock.advance(0);
  for (let idle = 0; !progress.settled;) {
    const next = clock.untilNextTimer();
    idle = next === undefined ? idle + 1 : 0;
    if (idle > 20) throw new Error('Nothing is due any more, and the promise is still open.');
    await clock.advance(next ?? 0);
    // Checks of messages may be loaded when they are first needed.
    if (next === undefined) await vi.dynamicImportSettled();
  }
  return promise;
}

/** Random numbers from 0 to 1 that are the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A text message. */
export function message(text: string, to = '15550100987') {
  return { to, type: 'text' as const, text: { body: text } };
}
