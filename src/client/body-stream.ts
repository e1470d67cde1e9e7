import { AbortedError, NetworkError, TimeoutError } from '../errors/connection-errors.js';
import { FileTransferError } from '../errors/file-transfer-error.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';
import type { Clock } from '../runtime/clock.js';
import { redactError, type Redact } from './redact.js';

/** Rules for reading the body of a response. */
export interface BodyRules {
  /** Name of the operation in error messages. */
  readonly operation: string;
  readonly clock: Clock;
  /** Maximum milliseconds between two chunks. */
  readonly timeoutMs: number;
  /** Maximum number of bytes. */
  readonly maxBytes: number;
  /** The caller's signal. It distinguishes an abort from a broken connection. */
  readonly signal: AbortSignal | undefined;
  /** Removes secrets from errors. */
  readonly redact: Redact;
  /** Receives every chunk that the stream delivers. */
  readonly onChunk?: (chunk: Uint8Array) => void;
  /** Runs before the stream ends. If it throws, the stream fails with its error. */
  readonly onEnd?: () => void;
  /** Runs if the reader cancels the stream. */
  readonly onCancel?: () => void;
}

/** Bytes of a response, as a stream. */
export type BodyStream = ReadableStream<Uint8Array<ArrayBuffer>>;

/**
 * Returns the body of a response as a stream that fails with errors of the library: beyond `maxBytes`, after a pause of
 * `timeoutMs`, on an abort and on a broken connection.
 *
 * @param response - A response of `fetch`.
 * @param rules - Limits, and the name of the operation in errors.
 * @throws `FileTransferError` (`too-large`), immediately if `Content-Length` exceeds the limit.
 */
export function bodyStream(response: Response, rules: BodyRules): BodyStream {
  const { operation, clock, timeoutMs, maxBytes } = rules;
  const reader = response.body?.getReader();
  const drop = (): void => {
    reader?.cancel().catch(() => undefined);
  };
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    drop();
    throw new FileTransferError(operation, 'too-large');
  }
  let receivedBytes = 0;
  const next = async (): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    if (!reader) return undefined;
    let stopWaiting = (): void => undefined;
    const end = new Promise<never>((_resolve, reject) => {
      const cancelTimer = clock.schedule(() => {
        reject(new TimeoutError(`${operation}: received no data for ${String(timeoutMs)} ms.`, timeoutMs));
      }, timeoutMs);
      // The caller's own fetch may ignore the signal.
      const onAbort = (): void => {
        reject(abortedError(rules));
      };
      stopWaiting = () => {
        cancelTimer();
        rules.signal?.removeEventListener('abort', onAbort);
      };
      if (rules.signal?.aborted) onAbort();
      else rules.signal?.addEventListener('abort', onAbort);
    });
    try {
      return (await Promise.race([reader.read(), end])).value;
    } finally {
      stopWaiting();
    }
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const chunk = await next();
          if (chunk === undefined) {
            rules.onEnd?.();
            controller.close();
            return;
          }
          receivedBytes += chunk.byteLength;
          if (receivedBytes > maxBytes) throw new FileTransferError(operation, 'too-large');
          rules.onChunk?.(chunk);
          controller.enqueue(chunk);
        } catch (error) {
          drop();
          throw bodyError(error, rules);
        }
      },
      cancel: (reason) => {
        rules.onCancel?.();
        return reader?.cancel(reason);
      },
    },
    // Reads nothing ahead of the consumer. An unread file stays in the socket, not in memory.
    { highWaterMark: 0 },
  );
}

function abortedError({ operation, signal }: BodyRules): AbortedError {
  return new AbortedError(`${operation} was aborted while reading the response body.`, 'unknown', { cause: signal?.reason });
}

function bodyError(error: unknown, rules: BodyRules): Error {
  const { operation, signal, redact } = rules;
  if (error instanceof WhatsAppError) return error;
  if (signal?.aborted) return abortedError(rules);
  return new NetworkError(`${operation} lost the connection while reading the response body.`, 'unknown', {
    cause: redactError(error, redact),
  });
}
