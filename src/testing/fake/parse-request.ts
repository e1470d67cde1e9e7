import { isRecord } from '../../runtime/json.js';
import type { FakeRequest } from './fake-request.js';
import { readForm } from './graph/read-form.js';
import { parseUrl } from '../../runtime/parse-url.js';

/** A file that came in a form. */
export interface FormFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** The parts of a request that are the same for all operations. */
export interface ParsedRequest {
  /** The parameter `method`, otherwise the method of HTTP. */
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  /** Graph version, as `v26.0`. */
  readonly version: string;
  /** Path without version. */
  readonly segments: readonly string[];
  /** Query parameters and fields of the body. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Files of a form, by the name of their field. */
  readonly files: Readonly<Record<string, FormFile>>;
  /** The body as it came, of requests whose body is a file. */
  readonly bytes: Uint8Array;
  /** Where in the file the body begins. */
  readonly fileOffset: number;
  /** The access token, from header or parameter. */
  readonly bearer: string | undefined;
  /** Whether the body was said to be JSON and is not. */
  readonly isBroken: boolean;
}

/** What a path without a version gets. */
const usualVersion = 'v26.0';
const noBytes = new Uint8Array();

interface Body {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, FormFile>>;
  readonly bytes?: Uint8Array;
}

/** Takes a request apart. */
export async function parseRequest(request: FakeRequest): Promise<ParsedRequest> {
  const base = 'https://graph.facebook.com';
  const url = parseUrl(request.url, base) ?? new URL(base);
  const path = url.pathname;
  const segments = path.split('/').filter(Boolean).map(decodeSegment);
  const version = /^v\d+\.\d+$/.test(segments[0] ?? '') ? segments.shift() : undefined;
  const body = segments[0]?.startsWith('upload:') ? { fields: {}, bytes: bytesOf(request.body) } : await bodyOf(request);
  const { method = request.method, ...given }: Record<string, unknown> = { ...readForm(url.searchParams), ...body?.fields };
  const fields = { ...given, ...commaLists(given) };
  const { access_token: parameter } = given;
  const header = /^(?:Bearer|OAuth)\s+(.+)$/i.exec(request.authorization ?? '')?.[1];
  return {
    method: String(method).toUpperCase(),
    origin: url.origin,
    path,
    version: version ?? usualVersion,
    segments,
    fields,
    files: body?.files ?? {},
    bytes: body?.bytes ?? noBytes,
    fileOffset: Number(request.fileOffset ?? 0),
    bearer: header ?? (typeof parameter === 'string' ? parameter : undefined),
    isBroken: body === undefined,
  };
}

/** The parameters that Graph documents as comma lists, which can also be arrays, JSON arrays and `fields[]`. */
function commaLists(given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const lists = ['fields', 'summary', 'ids'].flatMap((name) => {
    const items = itemsOf(given[name]);
    return items ? [[name, items.map(String).join(',')]] : [];
  });
  // Each pair has a name and a text.
  return Object.fromEntries(lists) as Record<string, string>;
}

function itemsOf(value: unknown): readonly unknown[] | undefined {
  // Its items are read as texts.
  if (Array.isArray(value)) return value as readonly unknown[];
  if (typeof value !== 'string' || !value.startsWith('[')) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function bodyOf({ body, contentType = '' }: FakeRequest): Body | undefined | Promise<Body | undefined> {
  if (body === undefined || body.length === 0) return { fields: {} };
  if (contentType.includes('multipart/form-data')) return formOf(body, contentType);
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  if (contentType.includes('application/x-www-form-urlencoded')) {
    return { fields: readForm(new URLSearchParams(text)) };
  }
  const data = parseJson(text);
  return isRecord(data) ? { fields: data } : undefined;
}

async function formOf(body: Uint8Array | string, contentType: string): Promise<Body | undefined> {
  const fields: [string, string][] = [];
  const files: Record<string, FormFile> = {};
  try {
    const form = await new Response(bytesOf(body), { headers: { 'content-type': contentType } }).formData();
    for (const [name, value] of form) {
      if (typeof value === 'string') fields.push([name, value]);
      else files[name] = { name: value.name, mimeType: value.type, bytes: new Uint8Array(await value.arrayBuffer()) };
    }
  } catch {
    return undefined;
  }
  return { fields: readForm(fields), files };
}

/** Copies the bytes, because a `Response` accepts only bytes that own their memory. */
function bytesOf(body: Uint8Array | string | undefined): Uint8Array<ArrayBuffer> {
  return body === undefined || typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body);
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
