import { InvalidResponseError } from '../errors/connection-errors.js';

/**
 * Reads a response to its end, but never more than `maxBytes` bytes after decompression.
 *
 * @throws `InvalidResponseError` beyond the limit.
 */
export async function readText(response: Response, operation: string, maxBytes: number): Promise<string> {
  const tooLarge = (): InvalidResponseError =>
    new InvalidResponseError(
      `${operation}: the response has more than ${String(maxBytes)} bytes (maxResponseBytes of createClient).`,
      response.status,
      '',
    );
  // Responses of a caller's `fetch` may have no stream, and neither may cached or empty responses.
  const { body } = response;
  if (!(body instanceof ReadableStream)) {
    const text: unknown = await response.text();
    if (typeof text !== 'string') throw new InvalidResponseError(`${operation}: the response body is not text.`, response.status, '');
    if (text.length > maxBytes) throw tooLarge();
    return text;
  }
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}
