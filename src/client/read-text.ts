import { InvalidResponseError } from '../errors/connection-errors.js';

/** A response that is being read. */
export interface TextReading {
  readonly text: Promise<string>;
  /** Stops reading. */
  readonly cancel: () => void;
}

/**
 * Reads a response to its end, but never more than `maxBytes` bytes after decompression.
 *
 * @returns The text. Its promise rejects with `InvalidResponseError` beyond the limit.
 */
export function readText(response: Response, operation: string, maxBytes: number): TextReading {
  // Responses of a caller's `fetch` may have no stream, and neither may cached or empty responses.
  const { body } = response;
  const tooLarge = (): InvalidResponseError =>
    new InvalidResponseError(
      `${operation}: the response has more than ${String(maxBytes)} bytes (maxResponseBytes of createClient).`,
      response.status,
      '',
    );
  if (!(body instanceof ReadableStream))
    return { text: readWithoutStream(response, operation, maxBytes, tooLarge), cancel: () => undefined };
  const reader = body.getReader();
  const cancel = (): void => {
    reader.cancel().catch(() => undefined);
  };
  return { text: readStream(reader, maxBytes, tooLarge, cancel), cancel };
}

async function readStream(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
  tooLarge: () => InvalidResponseError,
  cancel: () => void,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) return decode(chunks);
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
}

/** Most responses have one chunk. */
function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
}

async function readWithoutStream(
  response: Response,
  operation: string,
  maxBytes: number,
  tooLarge: () => InvalidResponseError,
): Promise<string> {
  const text: unknown = await response.text();
  if (typeof text !== 'string') throw new InvalidResponseError(`${operation}: the response body is not text.`, response.status, '');
  if (text.length > maxBytes) throw tooLarge();
  return text;
}
