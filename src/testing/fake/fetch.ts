import type { FakeResponse, FakeRequest } from './fake-request.js';

/** Makes a `fetch` of a function that answers requests. A cut connection rejects as a real one does. */
export function fetchOf(answer: (request: FakeRequest) => Promise<FakeResponse>): typeof fetch {
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
      fileOffset: request.headers.get('file_offset') ?? undefined,
      body,
      signal,
    });
    if (answered.cut) throw new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
    const { status, headers } = answered;
    // A copy, because a `Response` accepts only bytes that own their memory.
    return new Response(typeof answered.body === 'string' ? answered.body : new Uint8Array(answered.body), { status, headers });
  };
}
