import { isRecord } from '../../runtime/json.js';
import type { FakeRequest } from './fake-cloud-api.js';

/** A request, taken apart as far as that goes without knowing what it asks for. */
export interface ParsedRequest {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  /** Graph version, as `v26.0`. */
  readonly version: string;
  /** Path without version. */
  readonly segments: readonly string[];
  /** Query parameters and fields of the body. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The access token, from header or parameter. */
  readonly bearer: string | undefined;
  /** Whether the body was said to be JSON and is not. */
  readonly isBroken: boolean;
}

/** What a path without a version gets. */
const usualVersion = 'v26.0';

/** Takes a request apart. */
export function parseRequest(request: FakeRequest): ParsedRequest {
  const url = new URL(request.url, 'https://graph.facebook.com');
  const path = url.pathname;
  const segments = path.split('/').filter(Boolean).map(decodeSegment);
  const version = /^v\d+\.\d+$/.test(segments[0] ?? '') ? segments.shift() : undefined;
  const body = bodyOf(request);
  const fields: Record<string, unknown> = { ...Object.fromEntries(url.searchParams), ...body };
  const { access_token: parameter } = fields;
  const header = /^(?:Bearer|OAuth)\s+(.+)$/i.exec(request.authorization ?? '')?.[1];
  return {
    method: request.method,
    origin: url.origin,
    path,
    version: version ?? usualVersion,
    segments,
    fields,
    bearer: header ?? (typeof parameter === 'string' ? parameter : undefined),
    isBroken: body === undefined,
  };
}

function bodyOf({ body, contentType = '' }: FakeRequest): Readonly<Record<string, unknown>> | undefined {
  if (body === undefined || body.length === 0) return {};
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  if (contentType.includes('application/x-www-form-urlencoded')) {
    return Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [name, parsed(value)]));
  }
  if (contentType.includes('multipart/form-data')) return {};
  const data = parseJson(text);
  return isRecord(data) ? data : undefined;
}

/** A form field that holds an object holds it as JSON. */
function parsed(value: string): unknown {
  return /^[[{]/.test(value) ? (parseJson(value) ?? value) : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
