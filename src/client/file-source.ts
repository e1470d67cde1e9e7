import { AbortedError } from '../errors/connection-errors.js';
import { describeValue } from '../errors/check-options.js';
import { FileTransferError } from '../errors/file-transfer-error.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';
import type { Clock } from '../runtime/clock.js';
import { within } from '../runtime/within.js';
import { bodyStream } from './body-stream.js';
import { checkRequestOptions } from './check-client-options.js';
import { buildHeaders } from './build-request.js';
import type { Client, ClientConnection, RequestOptions } from './client.js';
import { filenameOf, filenameOfUrl } from './content-disposition.js';
import { openResponse } from './ky-transport.js';
import { redactError, redactor } from './redact.js';

/**
 * A file to upload: a `Blob` or `File`, bytes, a stream or another async iterable of bytes, or the http(s) URL of a
 * file. `fs.openAsBlob(path)` returns a `Blob` that reads from disk on demand.
 *
 * The library fetches a URL without a token and doesn't follow redirects. If other people choose the URL, check where
 * it points first.
 */
export type FileSource = Blob | ArrayBuffer | ArrayBufferView | AsyncIterable<Uint8Array> | URL;

/** Rules for converting a {@link FileSource} to a file. */
export interface FileRules {
  /** Name of the action in error messages. */
  readonly action: string;
  /**
   * MIME type.
   * @defaultValue the type of the `Blob`, or of the response of the URL
   */
  readonly type: string | undefined;
  /**
   * File name.
   * @defaultValue the name of the `File`, of `Content-Disposition` or at the end of the URL, otherwise `file`
   */
  readonly filename: string | undefined;
  /** Maximum number of bytes. */
  readonly maxBytes: number;
}

/**
 * Reads a source to its end. It collects streams first, because Meta needs the length before the first byte, and a
 * retry needs all bytes again.
 *
 * @throws `InvalidArgumentError` without a MIME type, `FileTransferError` (`too-large`, `untrusted-url`, `redirected`,
 * `not-a-file`, `unavailable`) and the connection errors of `Client.request`.
 */
export async function fileOf(client: Client, source: FileSource, rules: FileRules, options: RequestOptions): Promise<File> {
  const { action, maxBytes } = rules;
  checkRules(rules);
  if (source instanceof URL) return fetchFile(client, source, rules, options);
  if (source instanceof Blob) {
    if (source.size > maxBytes) throw new FileTransferError(action, 'too-large');
    return fileFrom([source], source.type, source instanceof File ? source.name : undefined, rules);
  }
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    if (source.byteLength > maxBytes) throw new FileTransferError(action, 'too-large');
    return fileFrom([bytesOf(source)], '', undefined, rules);
  }
  if (!isAsyncIterable(source)) {
    const hint = typeof source === 'string' ? ': for a path pass await openAsBlob(path) of node:fs, for a URL pass new URL(text)' : '';
    throw new InvalidArgumentError(
      action,
      'file',
      `must be a Blob, bytes, a stream of bytes or a URL, but is ${describeValue(source)}${hint}`,
    );
  }
  return fileFrom(await collectSource(client, source, rules, options), '', undefined, rules);
}

/** Callers without TypeScript can pass any value. */
function isAsyncIterable(source: unknown): boolean {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source;
}

/**
 * Collects the caller's stream. Errors of the stream (no such file) become causes. A stream that hangs ends with its
 * deadline or the signal.
 */
async function collectSource(
  client: Client,
  source: AsyncIterable<Uint8Array>,
  { action, maxBytes }: FileRules,
  options: RequestOptions,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const { timeoutMs = client.timeoutMs, signal } = checkRequestOptions(action, options);
  try {
    return await collect(withDeadline(source, { action, clock: client.clock, timeoutMs, signal }), action, maxBytes);
  } catch (error) {
    if (error instanceof WhatsAppError) throw error;
    throw new FileTransferError(action, 'unavailable', undefined, { cause: redactError(error, redactor([])) });
  }
}

/** Time limits of the caller's stream. */
interface StreamDeadline {
  readonly action: string;
  readonly clock: Clock;
  /** Maximum milliseconds for each chunk. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Passes on the chunks of a stream.
 *
 * @throws `FileTransferError` (`stalled`), or `AbortedError` (`not-sent`).
 */
async function* withDeadline(
  source: AsyncIterable<Uint8Array>,
  { action, clock, timeoutMs, signal }: StreamDeadline,
): AsyncGenerator<Uint8Array, void> {
  const iterator = isWebStream(source) ? readerOf(source) : source[Symbol.asyncIterator]();
  let end = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    end = () => {
      resolve(undefined);
    };
  });
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end);
  let isDone = false;
  try {
    for (;;) {
      const step = await within(clock, timeoutMs, () => Promise.race([aborted, iterator.next()]));
      if (step.type === 'late') throw new FileTransferError(action, 'stalled');
      if (step.value === undefined)
        throw new AbortedError(`${action} was aborted before it was sent.`, 'not-sent', { cause: signal?.reason });
      isDone = step.value.done === true;
      if (step.value.done === true) return;
      yield step.value.value;
    }
  } finally {
    signal?.removeEventListener('abort', end);
    // Not awaited, because a generator that hangs doesn't end either.
    if (!isDone) endStream(iterator);
  }
}

/**
 * Reads a web stream. Its own iterator can't end while it waits for a chunk, so the stream would never be cancelled.
 */
function readerOf(stream: ReadableStream<Uint8Array>): AsyncIterator<Uint8Array, undefined> {
  const reader = stream.getReader();
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

/** Ends a stream early and ignores errors. */
function endStream(iterator: AsyncIterator<unknown>): void {
  const ended = Promise.resolve().then(() => iterator.return?.());
  ended.catch(() => undefined);
}

async function fetchFile(client: Client, url: URL, rules: FileRules, options: RequestOptions): Promise<File> {
  const { action, maxBytes } = rules;
  if (!/^https?:$/.test(url.protocol)) throw new FileTransferError(action, 'untrusted-url');
  const read = async ({ fetch, dispatcher, timeoutMs }: ClientConnection): Promise<File> => {
    const { signal } = options;
    const head = {
      url: url.href,
      method: 'GET',
      headers: buildHeaders(action, undefined),
      timeoutMs,
      signal,
      fetch,
      dispatcher,
      operation: action,
    };
    const response = await openResponse(head);
    if (!response.ok) {
      await response.body?.cancel();
      throw new FileTransferError(action, isRedirect(response) ? 'redirected' : 'unavailable', response.status);
    }
    const contentType = response.headers.get('content-type') ?? '';
    // Probably an error page or a login page with status 200. Callers who upload HTML set the type.
    if (isHtml(contentType) && !isHtml(rules.type)) {
      await response.body?.cancel();
      throw new FileTransferError(action, 'not-a-file', response.status);
    }
    const redact = redactor([]);
    const body = bodyStream(response, { operation: action, clock: client.clock, timeoutMs, maxBytes, signal, redact });
    // Keeps the parameters, because Meta accepts some types only with a codec.
    const type = contentType.trim().replace(/\s*;\s*$/, '');
    const name = filenameOf(response.headers.get('content-disposition')) ?? filenameOfUrl(url);
    return fileFrom(await collect(body, action, maxBytes), type, name, rules);
  };
  return client.transfer(action, read, options);
}

/** Reports whether a response is a redirect. Some runtimes hide the status of redirects and set this type. */
export function isRedirect(response: Response): boolean {
  return response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
}

/** Reports whether a MIME type, with or without parameters, is that of an HTML page. */
export function isHtml(mimeType: unknown): boolean {
  return typeof mimeType === 'string' && /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(mimeType);
}

async function collect(source: AsyncIterable<Uint8Array>, action: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    if (!ArrayBuffer.isView(chunk)) {
      throw new InvalidArgumentError(action, 'file', 'must be a stream of bytes: open it without an encoding');
    }
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new FileTransferError(action, 'too-large');
    chunks.push(bytesOf(chunk));
  }
  return chunks;
}

/** Copies the bytes, because the caller may reuse the buffer. */
function bytesOf(source: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source.slice(0))
    : new Uint8Array(new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
}

/**
 * Checks the caller's values before it reads a stream or a URL.
 *
 * @throws `InvalidArgumentError`
 */
function checkRules({ action, type, filename }: FileRules): void {
  if (type !== undefined) checkMimeType(action, type);
  if (filename !== undefined && typeof filename !== 'string') {
    throw new InvalidArgumentError(action, 'filename', `must be a string, but is ${describeValue(filename)}`);
  }
}

function checkMimeType(action: string, type: unknown): void {
  if (type === '') throw new InvalidArgumentError(action, 'type', 'is missing: pass the MIME type, for example image/jpeg');
  if (typeof type !== 'string' || !/^[\w.+-]+\/[\w.+-]+(?: *;[\x20-\x7e]*)?$/.test(type)) {
    throw new InvalidArgumentError(action, 'type', 'must be a MIME type, for example image/jpeg');
  }
}

function fileFrom(parts: BlobPart[], ownType: string, ownName: string | undefined, { action, type, filename }: FileRules): File {
  if (type === undefined) checkMimeType(action, ownType);
  return new File(parts, filename ?? ownName ?? 'file', { type: type ?? ownType });
}

function isWebStream(source: AsyncIterable<Uint8Array>): source is ReadableStream<Uint8Array> {
  return source instanceof ReadableStream;
}
