import {
  createFakeCloudApi,
  listen,
  type FakeCloudApi,
  type FakeCloudApiOptions,
  type FakeRequest,
  type FakeResponse,
  type Listener,
} from 'wa-coexist/testing';

/** Options of {@link readyFake}. */
export interface ReadyFakeOptions extends FakeCloudApiOptions {
  /** Messages per second of each number. @defaultValue 1,000 */
  readonly throughput?: number;
}

/** The body of a message, as far as tests of senders look at it. */
export interface MessageBody {
  readonly to?: string;
  readonly text?: { readonly body: string };
  readonly template?: { readonly name: string; readonly language: { readonly code: string } };
  readonly biz_opaque_callback_data?: string;
}

/** A fake with the number, the template and the service window of each request. */
export interface ReadyFake {
  readonly fake: FakeCloudApi;
  /** A token for all numbers. */
  readonly accessToken: string;
  /** Creates the number and template that a request needs, and opens the customer's service window. */
  prepare(phoneNumberId: string, body?: MessageBody): void;
}

const nearlyADayMs = 23 * 60 * 60 * 1_000;

/** Creates a fake Cloud API for tests of senders, which aren't about numbers, templates and service windows. */
export function readyFake({ throughput = 1_000, ...options }: ReadyFakeOptions = {}): ReadyFake {
  const fake = createFakeCloudApi(options);
  const numbers = new Map<string, string>();
  const templates = new Set<string>();
  const wroteAtMs = new Map<string, number>();
  return {
    fake,
    accessToken: fake.issueToken(),
    prepare(phoneNumberId, { to = '', template } = {}) {
      const wabaId = numbers.get(phoneNumberId) ?? fake.cloudApiNumber({ phoneNumberId, throughput }).wabaId;
      numbers.set(phoneNumberId, wabaId);
      const title = template && `${wabaId}/${template.name}/${template.language.code}`;
      if (template && title !== undefined && !templates.has(title)) {
        templates.add(title);
        fake.addTemplate(wabaId, { name: template.name, language: template.language.code });
      }
      const pair = `${phoneNumberId}/${to}`;
      const nowMs = fake.clock.monotonic();
      if (!/^\d{8,}$/.test(to) || nowMs - (wroteAtMs.get(pair) ?? -Infinity) < nearlyADayMs) return;
      wroteAtMs.set(pair, nowMs);
      fake.customer(to).send(phoneNumberId, 'Hello');
    },
  };
}

/** The text of a message, or the name of its template. */
export function nameOf({ text, template }: MessageBody): string {
  return text?.body ?? template?.name ?? '';
}

/** A message that the fake accepted. */
export interface AcceptedMessage {
  readonly id: string;
  /** On the clock of the fake. */
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  /** The text, or the name of the template. */
  readonly text: string;
  readonly data: string;
}

/** Runs one request. It can wait before and after it, or drop the response. */
export type AroundRequest = (text: string, respond: () => Promise<FakeResponse>) => Promise<FakeResponse>;

/** A {@link ReadyFake} that lists accepted messages. */
export interface RecordingFake extends ReadyFake {
  readonly accepted: readonly AcceptedMessage[];
  readonly rejected: readonly { readonly from: string; readonly code: number }[];
  /** Responds like the fake, after it prepared what the request needs. */
  answer(request: FakeRequest): Promise<FakeResponse>;
  /** The ID of the accepted message with a text. @throws `Error` if there is none. */
  idOf(text: string): string;
}

/** Creates a {@link readyFake} that lists accepted messages. */
export function recordingFake(options: ReadyFakeOptions = {}, around: AroundRequest = (_text, respond) => respond()): RecordingFake {
  const ready = readyFake(options);
  const accepted: AcceptedMessage[] = [];
  const rejected: { readonly from: string; readonly code: number }[] = [];
  return {
    ...ready,
    accepted,
    rejected,
    async answer(request) {
      const { pathname } = new URL(request.url, 'http://localhost');
      const from = pathname.replace(/^\/v\d+\.0/, '').split('/')[1] ?? '';
      const body = messageOf(request);
      ready.prepare(from, body);
      return around(nameOf(body), async () => {
        const response = await ready.fake.answer(request);
        if (response.cut || request.method === 'GET') return response;
        const result = JSON.parse(String(response.body)) as {
          readonly messages?: readonly { readonly id: string }[];
          readonly error?: { readonly code: number };
        };
        const id = result.messages?.[0]?.id;
        if (id === undefined) rejected.push({ from, code: result.error?.code ?? 0 });
        else {
          const { to = '', biz_opaque_callback_data: data = '' } = body;
          accepted.push({ id, atMs: ready.fake.clock.monotonic(), from, to, text: nameOf(body), data });
        }
        return response;
      });
    },
    idOf(text) {
      const message = accepted.find((each) => each.text === text);
      if (!message) throw new Error(`The fake accepted no message with the text ${text}.`);
      return message.id;
    },
  };
}

/** Serves a {@link recordingFake} over HTTP, for other processes. */
export async function listenReady(options: ReadyFakeOptions = {}, around?: AroundRequest): Promise<RecordingFake & Listener> {
  const ready = recordingFake(options, around);
  return { ...ready, ...(await listen({ ...ready.fake, answer: ready.answer })) };
}

function messageOf({ body }: FakeRequest): MessageBody {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  // The senders of these tests write this shape.
  return text === '' ? {} : (JSON.parse(text) as MessageBody);
}
