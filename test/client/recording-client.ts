import { createClient, type Client, type ClientOptions } from 'wa-coexist';

/** One request as it left. */
export interface Recorded {
  readonly method: string;
  /** `host/path`, as it was sent. */
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Headers;
  /** JSON parsed, a form as its entries (files as `{ name, type, text }`), anything else as text; `undefined` for none. */
  readonly body: unknown;
}

/** What a recording client answers: a body, with status 200, or a whole answer; as a function, for each request. */
export type Answer = object | Respond;

type Respond = (request: Recorded, index: number) => object | Promise<object>;

const isRespond = (answer: Answer): answer is Respond => typeof answer === 'function';

/** A client for one number and WABA whose requests go nowhere and are kept. */
export function recordingClient(answer: Answer = { success: true }, options: ClientOptions = {}): { client: Client; requests: Recorded[] } {
  const requests: Recorded[] = [];
  const client = createClient({
    accessToken: 'token',
    phoneNumberId: '339900112233445',
    wabaId: '102290129340398',
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const url = new URL(request.url);
      const recorded: Recorded = {
        method: request.method,
        url: `${url.host}${url.pathname}`,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body: await bodyOf(request),
      };
      requests.push(recorded);
      const given: unknown = await Promise.resolve(isRespond(answer) ? answer(recorded, requests.length - 1) : answer);
      return given instanceof Response ? given : Response.json(given);
    },
    ...options,
  });
  return { client, requests };
}

async function bodyOf(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (type.startsWith('multipart/form-data') || type.startsWith('application/x-www-form-urlencoded')) {
    const entries = [...(await request.formData())].map(async ([name, value]) => [
      name,
      typeof value === 'string' ? value : { name: value.name, type: value.type, text: await value.text() },
    ]);
    return Object.fromEntries((await Promise.all(entries)) as [string, unknown][]);
  }
  const text = await request.text();
  if (text === '') return undefined;
  return type.startsWith('application/json') ? (JSON.parse(text) as unknown) : text;
}

/** A row of a table of actions: what is called, what leaves, what the caller gets of Meta's answer. */
export interface ActionCase {
  /** Where it goes, without host and version. */
  readonly request: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer?: object;
  /** What the promise holds. @defaultValue the answer itself */
  readonly result?: unknown;
  readonly call: (client: Client) => PromiseLike<unknown>;
}

/** Makes the call of a row and returns what left and what came, in the form of {@link ActionCase}. */
export async function runAction({ answer = { success: true }, call }: ActionCase): Promise<unknown> {
  const { client, requests } = recordingClient(answer);
  const result = await call(client);
  const [sent, ...more] = requests;
  if (!sent || more.length > 0) throw new Error(`${requests.length} requests`);
  return { request: `${sent.method} ${sent.url.replace('graph.facebook.com/v26.0', '')}`, query: sent.query, body: sent.body, result };
}

/** What {@link runAction} should return for a row. */
export function expectedOf({ request, query = {}, body, answer = { success: true }, result = answer }: ActionCase): unknown {
  return { request, query, body, result };
}

/** All items of a listing. */
export async function all<Item>(listing: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of listing) items.push(item);
  return items;
}
