import type { FakeAnswer, FakeRequest } from './fake-cloud-api.js';

/** Makes a `fetch` of a function that answers requests. A cut connection rejects as a real one does. */
export function fetchOf(answer: (request: FakeRequest) => Promise<FakeAnswer>): typeof fetch {
  return async (input, init) => {
    const request = input instanceof Request && init === undefined ? input : new Request(input, init);
    const { signal } = request;
    signal.throwIfAborted();
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    const answered = await answer({
      method: request.method,
      url: request.url,
      authorization: request.headers.get('authorization') ?? undefined,
      contentType: request.headers.get('content-type') ?? undefined,
      body,
      signal,
    });
    if (answered.cut) throw new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
    return new Response(answered.body, { status: answered.status, headers: answered.headers });
  };
}
