import { describeValue } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { userAgent } from '../runtime/user-agent.js';
import type { GraphRequest, RequestOptions } from './client.js';
import { credentialProblem } from './credentials.js';

/** Bodies that `fetch` accepts and that can be sent repeatedly. A stream can't. */
export type HttpBody = string | FormData | Blob | URLSearchParams | ArrayBufferView<ArrayBuffer>;

/** Headers of a request: names in lower case. ky reads a plain object much faster than `Headers`. */
export type HttpHeaders = Record<string, string>;

/**
 * Builds the headers of a request: the caller's, a `User-Agent` if the caller sets none, and the token.
 *
 * @throws `InvalidArgumentError` without the value, because it could be a secret.
 */
export function buildHeaders(operation: string, own: RequestOptions['headers'], token?: string, scheme = 'Bearer'): HttpHeaders {
  const problem = token === undefined ? undefined : credentialProblem(token);
  if (problem !== undefined) throw new InvalidArgumentError(operation, 'the access token', problem);
  const headers: HttpHeaders = own === undefined ? {} : readHeaders(operation, own);
  const agent = userAgent();
  if (agent !== undefined) headers['user-agent'] ??= agent;
  if (token !== undefined) headers.authorization = `${scheme} ${token}`;
  return headers;
}

function readHeaders(operation: string, own: RequestOptions['headers']): HttpHeaders {
  const rule = 'must contain valid HTTP header names and values, without line breaks';
  return attempt(operation, 'headers', rule, () => Object.fromEntries(new Headers(own)));
}

/**
 * Builds the URL of a request. A path segment can't change the path: `..`, `.` and an empty ID are rejected, and all
 * other characters are escaped.
 *
 * @throws `InvalidArgumentError` with the name of the parameter.
 */
export function buildUrl(root: string, operation: string, request: GraphRequest, credentials: GraphRequest['query']): string {
  // The base64 in an upload ID may contain two slashes in a row.
  const [first]: readonly unknown[] = request.path;
  const isUpload = typeof first === 'string' && first.startsWith('upload:');
  let url = root;
  for (const [index, segment] of (request.path as readonly unknown[]).entries()) {
    url += `/${isUpload && segment === '' ? '' : pathSegment(operation, request, segment, index)}`;
  }
  const query = request.query || credentials ? queryOf(operation, { ...request.query, ...credentials }) : '';
  return query === '' ? url : `${url}?${query}`;
}

function queryOf(operation: string, parameters: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries<unknown>({ ...parameters })) {
    if (value !== undefined) search.set(name, queryValue(operation, name, value));
  }
  return search.toString();
}

/** Names the parameter of a path segment: `{media-id}` becomes `mediaId`. */
function parameterName({ operation = '' }: GraphRequest, index: number): string {
  const names = operation.replace(/^\S+ \//, '').split('/');
  const [, placeholder] = /^\{(.+)\}$/.exec(names[index] ?? '') ?? [];
  return placeholder?.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase()) ?? `path[${String(index)}]`;
}

/** Matches a segment that needs no escaping. */
const plainSegment = /^[\w-]+$/;

function pathSegment(operation: string, request: GraphRequest, segment: unknown, index: number): string {
  if (typeof segment === 'string' && plainSegment.test(segment)) return segment;
  if (typeof segment === 'string' && !/^\.{0,2}$/.test(segment)) {
    try {
      return encodeURIComponent(segment).replace(/%(3A|3D|2B)/g, decodeURIComponent);
    } catch {
      // A lone surrogate can't be encoded in a URL.
    }
  }
  const found = typeof segment === 'string' && segment !== '' ? 'is not a valid ID' : `must be an ID, but is ${describeValue(segment)}`;
  throw new InvalidArgumentError(operation, parameterName(request, index), found);
}

function queryValue(operation: string, name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  throw new InvalidArgumentError(operation, name, `must be a string, a finite number or a boolean, but is ${describeValue(value)}`);
}

/**
 * Builds the body of a request. Sets the JSON content type unless the caller did.
 *
 * @throws `InvalidArgumentError` if the value can't be written as JSON. The error doesn't quote the value.
 */
export function buildBody(operation: string, body: object | undefined, headers: HttpHeaders): HttpBody | undefined {
  if (body === undefined || isSentAsItIs(body)) return body;
  const rule = 'cannot be written as JSON: remove BigInts, circular references and getters or toJSON methods that throw';
  const json: unknown = attempt(operation, 'the body', rule, () => JSON.stringify(body));
  // JSON can't represent functions, symbols, or a toJSON result of undefined.
  if (typeof json !== 'string') throw new InvalidArgumentError(operation, 'the body', rule);
  headers['content-type'] ??= 'application/json';
  return json;
}

function isSentAsItIs(body: object): body is Exclude<HttpBody, string> {
  return body instanceof FormData || body instanceof Blob || body instanceof URLSearchParams || ArrayBuffer.isView(body);
}

/** Runs code that reads the caller's values. Drops the original error, because it may quote them. */
function attempt<Result>(operation: string, field: string, rule: string, run: () => Result): Result {
  try {
    return run();
  } catch {
    throw new InvalidArgumentError(operation, field, rule);
  }
}
