import type { Clock } from './clock.js';
import type { ExpireAfter } from './shared-timeout.js';

/** Result of reading a body. */
export type BodyRead =
  | { readonly type: 'complete'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** It has more bytes than allowed. The rest was not read. */
  | { readonly type: 'too-large' }
  /** It didn't arrive in full within the time limit. */
  | { readonly type: 'timed-out' }
  /** The signal aborted the read. */
  | { readonly type: 'aborted' };

/** Limits of the size and the time of a body. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** Milliseconds for the whole body, so that an upload that trickles in also ends. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Reads an untrusted stream of bytes, in chunks of any size. Uses at most twice `maxBytes` of memory.
 *
 * @throws the error of the stream.
 */
export async function readStream(stream: ReadableStream<Uint8Array>, limits: BodyLimits): Promise<BodyRead> {
  const { timeoutMs, clock, signal } = limits;
  // The iterator of the stream is three times slower.
  const reader = stream.getReader();
  // A source may reuse the memory of a chunk.
  const body = growingBody(limits.maxBytes, 'copied');
  let emptyChunks = 0;
  let ended: 'timed-out' | 'aborted' | undefined;
  const end = (type: 'timed-out' | 'aborted'): void => {
    ended = type;
    // Resolves the pending read.
    reader.cancel().catch(() => undefined);
  };
  const onAbort = (): void => {
    end('aborted');
  };
  const cancelTimer = clock.schedule(() => {
    end('timed-out');
  }, timeoutMs);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();
  try {
    for (;;) {
      const { value } = await reader.read();
      if (ended) return { type: ended };
      // A stream of empty chunks would otherwise block the timers, and with them the deadline.
      if (value?.byteLength === 0 && (emptyChunks += 1) % emptyChunksAtOnce === 0) await nextTurn();
      if (value === undefined) return { type: 'complete', bytes: body.bytes() };
      if (!body.add(value)) {
        reader.cancel().catch(() => undefined);
        return { type: 'too-large' };
      }
    }
  } catch (error) {
    // Some streams reject the pending read when they are canceled.
    if (ended) return { type: ended };
    throw error;
  } finally {
    cancelTimer();
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Limits of the size and the time of a Node stream. */
export interface NodeBodyLimits {
  readonly maxBytes: number;
  /** Limits the time for the whole body. */
  readonly expireAfter: ExpireAfter;
}

/** The part of a Node stream that {@link readNodeStream} uses. */
export interface NodeStream {
  on(event: string, listener: (value: unknown) => void): unknown;
  off(event: string, listener: (value: unknown) => void): unknown;
  pause(): unknown;
}

/**
 * {@link readStream} for Node's streams. Creates no object per chunk, because 1-byte chunks would create millions of
 * objects.
 */
export function readNodeStream(stream: NodeStream, { maxBytes, expireAfter }: NodeBodyLimits): Promise<BodyRead> {
  return new Promise((resolve, reject) => {
    const body = growingBody(maxBytes, 'kept');
    let isDone = false;
    const stop = (): void => {
      isDone = true;
      settled();
    };
    const end = (read: BodyRead): void => {
      stop();
      // Unread data stays in the socket, whose flow control then stops the sender.
      stream.off('data', onData);
      stream.pause();
      resolve(read);
    };
    const onData = (chunk: unknown): void => {
      // A stream with an encoding returns text.
      const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : (chunk as Uint8Array);
      if (!isDone && !body.add(bytes)) end({ type: 'too-large' });
    };
    const onEnd = (): void => {
      if (isDone) return;
      stop();
      resolve({ type: 'complete', bytes: body.bytes() });
    };
    // The listener stays, so that a later error can't end the process.
    const onFailure = (error?: unknown): void => {
      if (isDone) return;
      stop();
      reject(error instanceof Error ? error : new Error('The connection was closed before the body had arrived.'));
    };
    const settled = expireAfter(() => {
      end({ type: 'timed-out' });
    });
    stream.on('data', onData);
    stream.on('end', onEnd);
    stream.on('error', onFailure);
    stream.on('close', onFailure);
  });
}

interface Body {
  /** Adds a chunk. Returns whether the total is within the limit. */
  add(chunk: Uint8Array): boolean;
  bytes(): Uint8Array<ArrayBuffer>;
}

const emptyChunksAtOnce = 100;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

const firstBytes = 16 * 1024;

/**
 * Collects chunks in one growing buffer, because a list of small chunks needs hundreds of times their size. A body of
 * one chunk, the usual case, needs no buffer.
 */
function growingBody(maxBytes: number, firstChunk: 'kept' | 'copied'): Body {
  let buffer = new Uint8Array(0);
  let length = 0;
  /** The only chunk so far. */
  let only: Uint8Array | undefined;
  const append = (chunk: Uint8Array): void => {
    const needed = length + chunk.byteLength;
    if (needed > buffer.byteLength) {
      const larger = new Uint8Array(Math.min(maxBytes, Math.max(firstBytes, needed, buffer.byteLength * 2)));
      larger.set(buffer.subarray(0, length));
      buffer = larger;
    }
    buffer.set(chunk, length);
    length = needed;
  };
  return {
    add(chunk) {
      if (chunk.byteLength === 0) return true;
      if ((only?.byteLength ?? length) + chunk.byteLength > maxBytes) return false;
      if (only === undefined && length === 0) {
        only = firstChunk === 'kept' ? chunk : chunk.slice();
        return true;
      }
      if (only) append(only);
      only = undefined;
      append(chunk);
      return true;
    },
    bytes: () => (only ? plainBytes(only) : buffer.subarray(0, length)),
  };
}

/** Returns the bytes of a chunk, without the methods of Node's buffers. */
function plainBytes(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = chunk;
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(chunk);
}
