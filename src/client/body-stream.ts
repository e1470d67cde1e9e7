import { AbortedError, NetworkError, TimeoutError } from '../errors/connection-errors.js';
import { FileTransferError } from '../errors/file-transfer-error.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';
import type { Clock } from '../runtime/clock.js';
import { redactError, type Redact } from './redact.js';

/** How the body of an answer is read. */
export interface BodyRules {
  /** What error messages call it. */
  readonly operation: string;
  readonly clock: Clock;
  /** Milliseconds without a byte, while one is waited for, after which reading ends. */
  readonly timeoutMs: number;
  /** Bytes at most. */
  readonly maxBytes: number;
  /** The caller's signal: it tells an abort from a broken connection. */
  readonly signal: AbortSignal | undefined;
  /** Takes secrets out of what errors keep. */
  readonly redact: Redact;
  /** Is told every piece that is handed on. */
  readonly onChunk?: (chunk: Uint8Array) => void;
  /** Has the last word before the end; what it throws is the end. */
  readonly onEnd?: () => void;
}

/** The bytes of an answer. */
export type BodyStream = ReadableStream<Uint8Array<ArrayBuffer>>;

/**
 * The body of an answer as a stream that fails with the library's errors: beyond `maxBytes`, after a silence, on an abort, on a broken connection.
 *
 * @throws `FileTransferError` (`too-large`), at once where the answer says its length.
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
    const silence = new Promise<never>((_resolve, reject) => {
      stopWaiting = clock.schedule(() => {
        reject(new TimeoutError(`${operation}: no byte came for ${String(timeoutMs)} ms.`, timeoutMs));
      }, timeoutMs);
    });
    try {
      return (await Promise.race([reader.read(), silence])).value;
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
      cancel: (reason) => reader?.cancel(reason),
    },
    // Nothing is read ahead of who reads: an unread file waits in the socket, not in memory.
    { highWaterMark: 0 },
  );
}

function bodyError(error: unknown, { operation, signal, redact }: BodyRules): Error {
  if (error instanceof WhatsAppError) return error;
  if (signal?.aborted) return new AbortedError(`${operation} was aborted while its body was read.`, 'unknown', { cause: signal.reason });
  return new NetworkError(`${operation} broke off while its body was read.`, 'unknown', { cause: redactError(error, redact) });
}
