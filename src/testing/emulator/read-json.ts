import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../read-request-body.js';
import { sendTooLarge } from '../serve-graph.js';
import { sendText } from './send.js';

/** The longest body of an action, in bytes. */
const maxActionBytes = 1024 * 1024;

/** Reads the JSON of a request. Returns `undefined` if it sent an error instead. */
export async function readJson(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  // Pages elsewhere can post forms and plain text to this port, but no JSON without the server's permission.
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    sendText(response, 415, 'Send JSON, with the content type application/json.');
    return undefined;
  }
  const body = await readBody(request, maxActionBytes);
  if (body === undefined) {
    sendTooLarge(request, response);
    return undefined;
  }
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    sendText(response, 400, 'The body is not valid JSON.');
    return undefined;
  }
}
