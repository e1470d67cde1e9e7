import { describeValue } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { userAgent } from '../runtime/user-agent.js';
import type { GraphRequest, RequestOptions } from './client.js';
import { credentialProblem } from './credentials.js';

/** Bodies that `fetch` takes and that can be sent a second time, which a stream cannot. */
export type HttpBody = string | FormData | Blob | URLSearchParams | ArrayBufferView<ArrayBuffer>;

/**
 * Makes the headers of a request: those of the caller, a `User-Agent` if the caller has none, then the token.
 *
 * @throws `InvalidArgumentError` without the value, which could be a secret.
 */
export function buildHeaders(operation: string, own: RequestOptions['headers'], token?: string, scheme = 'Bearer'): Headers {
  const problem = token === undefined ? undefined : credentialProblem(token);
  if (problem !== undefined) throw new InvalidArgumentError(operation, 'the access token', problem);
  const headers = attempt(operation, 'headers', 'must be names and values that HTTP allows, without line breaks', () => new Headers(own));
  const agent = userAgent();
  if (agent !== undefined && !headers.has('user-agent')) headers.set('user-agent', agent);
  if (token !== undefined) headers.set('authorization', `${scheme} ${token}`);
  return headers;
}

/**
 * Makes the URL of a request. A path segment never leaves its place: `..`, `.` and an empty ID are rejected, and everything else is escaped.
 *
 * @throws `InvalidArgumentError` that names the parameter.
 */
export function buildUrl(root: string, operation: string, request: GraphRequest, credentials: GraphRequest['query']): string {
  const names = (request.operation ?? '').replace(/^\S+ \//, '').split('/');
  // The base64 in the ID of an upload may have two slashes in a row.
  const [first]: readonly unknown[] = request.path;
  const isUpload = typeof first === 'string' && first.startsWith('upload:');
  const path = request.path
    .map((segment: unknown, index) => (isUpload && segment === '' ? '' : pathSegment(operation, names[index], segment, index)))
    .join('/');
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries<unknown>({ ...request.query, ...credentials })) {
    if (value !== undefined) search.set(name, queryValue(operation, name, value));
  }
  const query = search.toString();
  return `${root}/${path}${query && `?${query}`}`;
}

/** `{media-id}` is the parameter `mediaId`. */
function parameterName(name = '', index: number): string {
  const [, placeholder] = /^\{(.+)\}$/.exec(name) ?? [];
  return placeholder?.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase()) ?? `path[${String(index)}]`;
}

function pathSegment(operation: string, name: string | undefined, segment: unknown, index: number): string {
  if (typeof segment === 'string' && !/^\.{0,2}$/.test(segment)) {
    try {
      return encodeURIComponent(segment).replace(/%(3A|3D|2B)/g, decodeURIComponent);
    } catch {
      // Half of a surrogate pair has no form in a URL.
    }
  }
  const found = typeof segment === 'string' && segment !== '' ? 'is no ID' : `must be an ID, but is ${describeValue(segment)}`;
  throw new InvalidArgumentError(operation, parameterName(name, index), found);
}

function queryValue(operation: string, name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  throw new InvalidArgumentError(operation, name, `must be a string, a finite number or a boolean, but is ${describeValue(value)}`);
}

/**
 * Makes the body of a request. Sets the content type of JSON unless the caller did.
 *
 * @throws `InvalidArgumentError` if JSON can't print the value, without a word of the value.
 */
export function buildBody(operation: string, body: object | undefined, headers: Headers): HttpBody | undefined {
  if (body === undefined || isSentAsItIs(body)) return body;
  const rule = 'cannot be written as JSON: remove BigInts, circular references and getters or toJSON methods that throw';
  const json: unknown = attempt(operation, 'the body', rule, () => JSON.stringify(body));
  // JSON has no form for functions, symbols and what toJSON turns into undefined.
  if (typeof json !== 'string') throw new InvalidArgumentError(operation, 'the body', rule);
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  return json;
}

function isSentAsItIs(body: object): body is Exclude<HttpBody, string> {
  return body instanceof FormData || body instanceof Blob || body instanceof URLSearchParams || ArrayBuffer.isView(body);
}

/** Runs code that reads the caller's values. Its error may quote them and is dropped. */
function attempt<Result>(operation: string, field: string, rule: string, run: () => Result): Result {
  try {
    return run();
  } catch {
    throw new InvalidArgumentError(operation, field, rule);
  }
}
