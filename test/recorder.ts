/** A request as it left, taken apart. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Headers;
  /** Parsed where it is JSON, the fields of a form, else the text; absent where there is none. */
  readonly body?: unknown;
}

/** A `fetch` that answers and keeps what it was asked. Answers are given in turn, the last one again and again. */
export function recorder(...answers: readonly unknown[]): { readonly fetch: typeof fetch; readonly requests: Recorded[] } {
  const requests: Recorded[] = [];
  return {
    requests,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const url = new URL(request.url);
      const body = await bodyOf(request);
      requests.push({
        method: request.method,
        path: decodeURIComponent(url.pathname),
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        ...(body !== undefined && { body }),
      });
      return Response.json(answers[Math.min(requests.length, answers.length) - 1] ?? { success: true });
    },
  };
}

async function bodyOf(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (type.startsWith('multipart/')) return Object.fromEntries(await request.formData());
  const text = await request.text();
  if (text === '') return undefined;
  return type.includes('json') ? (JSON.parse(text) as unknown) : text;
}

/** All items of a listing. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
