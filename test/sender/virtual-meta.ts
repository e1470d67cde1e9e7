import { vi } from 'vitest';
import { createClient, wait, type Client, type ClientOptions } from 'wa-coexist';
import type { FakeClock } from 'wa-coexist/testing';
import type { StatusEvent } from '../../src/webhooks/fields/messages.js';
import { nameOf, readyFake, type MessageBody } from '../meta/ready-fake.js';
import { brokenConnection, graphError } from '../meta/recorder.js';

/** A message that the fake accepted. */
export interface Accepted {
  readonly atMs: number;
  /** ID of the number that sent it. */
  readonly from: string;
  readonly id: string;
  readonly to: string;
  readonly text: string;
  readonly data: string | undefined;
}

/** A fault of the network or of Meta on one request: before or after acceptance. */
export type Fault =
  | 'refused-connection'
  | 'server-error-before'
  | 'server-error-after'
  | 'cut-before'
  | 'cut-after'
  | { readonly code: number; readonly httpStatus?: number; readonly retryAfter?: string }
  | { readonly answer: Response };

export interface VirtualMetaOptions {
  /** Maximum number of messages in any trailing second. A function can change it over time. */
  readonly cap?: number | ((nowMs: number) => number);
  /** Whether rejected requests also count. Meta doesn't document this. */
  readonly count?: 'accepted' | 'received';
  /** Travel time of a request or a response. */
  readonly travelMs?: () => number;
  readonly fault?: (request: { readonly number: number; readonly text: string; readonly to: string }) => Fault | undefined;
}

/** The fake Cloud API behind a network with travel times and scripted faults, on a virtual clock. */
export function virtualMeta(clock: FakeClock, options: VirtualMetaOptions = {}) {
  const { cap = 1_000_000, count = 'accepted', travelMs = () => 0, fault } = options;
  const { fake, accessToken, prepare } = readyFake({ clock, throughput: typeof cap === 'number' ? cap : 1_000_000 });
  const arrivals: number[] = [];
  const accepted: Accepted[] = [];
  const refusals: { readonly atMs: number; readonly code: number; readonly to: string }[] = [];
  const bodies: Record<string, unknown>[] = [];
  let requests = 0;

  /**
   * Whether a limit that the fake doesn't have rejects the request: a changing one, or one that counts rejected
   * requests.
   */
  const isFull = (nowMs: number): boolean => {
    if (typeof cap === 'number' && count === 'accepted') return false;
    const times = count === 'received' ? arrivals.slice(0, -1) : accepted.map(({ atMs }) => atMs);
    return times.filter((atMs) => atMs > nowMs - 1_000).length >= (typeof cap === 'number' ? cap : cap(nowMs));
  };
  const respond = async (request: Request, from: string, body: MessageBody, planned: Fault | undefined): Promise<Response> => {
    if (planned === 'server-error-before') return graphError(131016, { status: 500 });
    if (typeof planned === 'object' && 'answer' in planned) return planned.answer;
    const to = String(body.to);
    const atMs = clock.monotonic();
    const code = typeof planned === 'object' ? planned.code : isFull(atMs) ? 130429 : undefined;
    if (code !== undefined) {
      refusals.push({ atMs, code, to });
      const { httpStatus = 400, retryAfter } = typeof planned === 'object' ? planned : {};
      const response = graphError(code, { status: httpStatus });
      if (retryAfter !== undefined) response.headers.set('retry-after', retryAfter);
      return response;
    }
    prepare(from, body);
    const response = await fake.fetch(request);
    const result = (await response.clone().json()) as {
      readonly messages?: readonly { readonly id: string }[];
      readonly error?: { readonly code: number };
    };
    const id = result.messages?.[0]?.id;
    if (id === undefined) refusals.push({ atMs, code: result.error?.code ?? 0, to });
    else accepted.push({ atMs, from, id, to, text: nameOf(body), data: body.biz_opaque_callback_data });
    return response;
  };

  const fetch = async (input: Request | URL | string, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const from = new URL(request.url).pathname.split('/').at(-2) ?? '';
    const body = (await request.clone().json()) as MessageBody & Record<string, unknown>;
    requests += 1;
    const planned = fault?.({ number: requests, text: nameOf(body), to: String(body.to) });
    if (planned === 'refused-connection') throw brokenConnection('ECONNREFUSED');
    await wait(clock, travelMs());
    arrivals.push(clock.monotonic());
    bodies.push(body);
    if (planned === 'cut-before') throw brokenConnection();
    const response = await respond(request, from, body, planned);
    await wait(clock, travelMs());
    if (planned === 'cut-after') throw brokenConnection();
    return planned === 'server-error-after' ? graphError(131016, { status: 500 }) : response;
  };
  return {
    fetch,
    /** A token for all numbers. */
    accessToken,
    arrivals,
    accepted,
    refusals,
    /** Bodies in the order of arrival. */
    bodies,
    client: (own: ClientOptions = {}): Client => createClient({ accessToken, phoneNumberId: '106540352242922', fetch, clock, ...own }),
    /** Returns how many of the given times are in the fullest window of one second. */
    maxInOneSecond: (times: readonly number[] = arrivals): number =>
      Math.max(0, ...times.map((start) => times.filter((atMs) => atMs >= start && atMs < start + 1_000).length)),
  };
}

/** Returns a status webhook about an accepted message, as an event. */
export function statusOf({ id, to, data }: Pick<Accepted, 'id' | 'to' | 'data'>, status = 'sent'): StatusEvent {
  return {
    type: 'status',
    field: 'messages',
    key: `${id}:${status}`,
    raw: {},
    status: { id, status, recipient_id: to, timestamp: '1793610000', ...(data !== undefined && { biz_opaque_callback_data: data }) },
  };
}

/** Advances the clock until a promise settles. */
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
    // Checks of messages may be loaded on first use.
    if (next === undefined) await vi.dynamicImportSettled();
  }
  return promise;
}

/** Creates a generator of numbers from 0 to 1 that are the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Returns a text message. */
export function message(text: string, to = '15550100987') {
  return { to, type: 'text' as const, text: { body: text } };
}
