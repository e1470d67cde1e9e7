import { createClient, type Client, type ClientOptions } from 'wa-coexist';

/** One request that left the client. */
export interface RecordedRequest {
  readonly method: string;
  readonly href: string;
  /** Host and path, encoded. */
  readonly url: string;
  /** The path with the version, decoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Headers;
  /** The token of the `authorization` header. */
  readonly token: string | undefined;
  /** Parsed JSON, the entries of a form (files as `{ name, type, text }`), or the text. `undefined` if there is none. */
  readonly body: unknown;
  readonly text: string;
  /** The request, with its signal. Its body is read. */
  readonly request: Request;
}

type Respond = (request: RecordedRequest, index: number) => object | Promise<object>;

/** A scripted response: a body with the status 200, a `Response`, or a function that returns or rejects with one. */
export type ScriptedResponse = object | Respond;

/** A `fetch` that records requests, and what it recorded. */
export interface Recorder {
  readonly fetch: typeof fetch;
  readonly requests: RecordedRequest[];
  /** The bodies of the requests. */
  readonly bodies: unknown[];
}

/** What Meta returns for a message. */
export const acceptedMessage = { messaging_product: 'whatsapp', contacts: [{ input: '1' }], messages: [{ id: 'wamid.EXAMPLE1' }] };

/**
 * Records requests and returns scripted responses: the only stand-in for Meta in these tests that has no rules. It is for
 * tests about the request itself, and for responses that Meta doesn't document. All other tests use the fake Cloud API.
 *
 * @param responses - One for each request. The last one repeats. Default: `{ success: true }`.
 */
export function recordMeta(...responses: readonly ScriptedResponse[]): Recorder {
  const requests: RecordedRequest[] = [];
  const bodies: unknown[] = [];
  return {
    requests,
    bodies,
    fetch: async (input, init) => {
      const recorded = await record(new Request(input, init));
      requests.push(recorded);
      bodies.push(recorded.body);
      const index = requests.length - 1;
      const scripted = responses[Math.min(index, responses.length - 1)] ?? { success: true };
      const given = isRespond(scripted) ? await scripted(recorded, index) : scripted;
      return given instanceof Response ? given : Response.json(given);
    },
  };
}

/** Returns a client for one number and WABA on a new {@link recordMeta}. */
export function recordingClient(
  response: ScriptedResponse = { success: true },
  options: ClientOptions = {},
): { client: Client } & Recorder {
  const recorder = recordMeta(response);
  const client = createClient({
    accessToken: 'token',
    phoneNumberId: '339900112233445',
    wabaId: '102290129340398',
    fetch: recorder.fetch,
    ...options,
  });
  return { client, ...recorder };
}

/** The error of Node's `fetch` if a connection breaks. */
export function brokenConnection(code = 'ECONNRESET'): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

/** A response with an error in Graph's shape. */
export function graphError(
  code: number,
  { status = 400, ...fields }: { readonly status?: number } & Readonly<Record<string, unknown>> = {},
): Response {
  return Response.json({ error: { message: `(#${String(code)}) Rejected`, type: 'OAuthException', code, ...fields } }, { status });
}

/** A row of a table of actions: the call, the request that leaves, and the result for the caller. */
export interface ActionCase {
  /** Method and path, without host and version. */
  readonly request: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer?: object;
  /** What the promise resolves with. @defaultValue the answer */
  readonly result?: unknown;
  readonly call: (client: Client) => PromiseLike<unknown>;
}

/** Makes the call of a row and returns the request and the result in the form of {@link ActionCase}. */
export async function runAction({ answer = { success: true }, call }: ActionCase): Promise<unknown> {
  const { client, requests } = recordingClient(answer);
  const result = await call(client);
  const [sent, ...more] = requests;
  if (!sent || more.length > 0) throw new Error(`${String(requests.length)} requests`);
  return { request: `${sent.method} ${sent.url.replace('graph.facebook.com/v26.0', '')}`, query: sent.query, body: sent.body, result };
}

/** What {@link runAction} returns for a row. */
export function expectedOf({ request, query = {}, body, answer = { success: true }, result = answer }: ActionCase): unknown {
  return { request, query, body, result };
}

/** All items of a listing. */
export async function collect<Item>(listing: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of listing) items.push(item);
  return items;
}

function isRespond(response: ScriptedResponse): response is Respond {
  return typeof response === 'function';
}

async function record(request: Request): Promise<RecordedRequest> {
  const url = new URL(request.url);
  const type = request.headers.get('content-type') ?? '';
  const isForm = type.startsWith('multipart/form-data') || type.startsWith('application/x-www-form-urlencoded');
  const bytes = await request.arrayBuffer();
  const form = isForm ? await new Response(bytes, { headers: { 'content-type': type } }).formData() : undefined;
  const text = new TextDecoder().decode(bytes);
  return {
    method: request.method,
    href: url.href,
    url: `${url.host}${url.pathname}`,
    path: decodePath(url.pathname),
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    token: request.headers.get('authorization')?.replace('Bearer ', ''),
    body: form ? await entriesOf(form) : bodyOf(type, text),
    text,
    request,
  };
}

/** A path that isn't encoded well stays as it is. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function bodyOf(type: string, text: string): unknown {
  if (text === '') return undefined;
  return type.startsWith('application/json') ? (JSON.parse(text) as unknown) : text;
}

async function entriesOf(form: FormData): Promise<Record<string, unknown>> {
  const entries = Array.from(form, async ([name, value]): Promise<[string, unknown]> => [
    name,
    typeof value === 'string' ? value : { name: value.name, type: value.type, text: await value.text() },
  ]);
  return Object.fromEntries(await Promise.all(entries));
}
