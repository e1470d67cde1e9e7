import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FakeCloudApi } from './fake/fake-cloud-api.js';
import { maxBodyBytes, maxFileBodyBytes, readBody } from './read-request-body.js';
import { parseUrl } from '../runtime/parse-url.js';

/**
 * Milliseconds after which an idle connection is closed. With Node's 5 seconds, a program that a debugger or a busy machine stops for a
 * while sends its next request on a closed connection, and can't know whether it was accepted.
 */
export const idleConnectionMs = 60_000;

/** Responds to one request of a server as the fake does. A fault that cuts connections cuts this one. */
export async function serveGraph(fake: FakeCloudApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const contentType = request.headers['content-type'];
  const hasFile = contentType?.startsWith('multipart/form-data') === true || /^(?:\/v\d+\.\d+)?\/upload:/.test(request.url ?? '');
  const body = await readBody(request, hasFile ? maxFileBodyBytes : maxBodyBytes);
  if (body === undefined) {
    sendTooLarge(request, response);
    return;
  }
  const answer = await fake.answer({
    method: request.method ?? 'GET',
    url: addressOf(request),
    authorization: request.headers.authorization,
    contentType,
    fileOffset: String(request.headers.file_offset ?? 0),
    body,
  });
  if (answer.cut) {
    request.socket.destroy();
    return;
  }
  const bytes = typeof answer.body === 'string' ? new TextEncoder().encode(answer.body) : answer.body;
  response.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length });
  response.end(bytes);
}

/** Responds with 413, drops the rest of the body, and cuts the connection if that does not end soon. */
export function sendTooLarge(request: IncomingMessage, response: ServerResponse): void {
  const error = { message: 'The request body is too large.', type: 'GraphMethodException', code: 1 };
  response.writeHead(413, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify({ error }));
  // Most clients read the response only after they have sent everything. A reset would overtake it.
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), lingerMs);
  timer.unref();
  for (const event of ['end', 'close']) {
    request.once(event, () => {
      clearTimeout(timer);
    });
  }
}

const lingerMs = 5_000;

/** The URL of a request. A `Host` or path that no URL can have is replaced. */
function addressOf({ headers: { host = 'localhost' }, url = '/' }: IncomingMessage): string {
  const origin = parseUrl(`http://${host}`)?.origin ?? 'http://localhost';
  return parseUrl(`${origin}${url}`) ? `${origin}${url}` : `${origin}/`;
}
