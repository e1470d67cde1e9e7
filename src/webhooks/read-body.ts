/**
 * Reads a stream of bytes to its end, or gives up as soon as it is longer than allowed, without holding more than that.
 *
 * @returns the bytes, or `undefined` if there are more than `maxBytes`.
 */
export async function readStream(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array | undefined> {
  // The stream's own iterator takes three times as long.
  const reader = stream.getReader();
  const body = bodyUpTo(maxBytes);
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) return body.bytes();
    if (!body.add(value)) {
      // Whoever sends too much is not waited for.
      reader.cancel().catch(() => undefined);
      return undefined;
    }
  }
}

/** {@link readStream} for what Node's own streams give out. */
export async function readChunks(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | undefined> {
  const body = bodyUpTo(maxBytes);
  // Leaving the loop early ends the iteration.
  for await (const chunk of chunks) if (!body.add(chunk)) return undefined;
  return body.bytes();
}

interface Body {
  /** Answers whether all that was added is still short enough. */
  add(chunk: Uint8Array): boolean;
  bytes(): Uint8Array;
}

function bodyUpTo(maxBytes: number): Body {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    add(chunk) {
      length += chunk.byteLength;
      if (length > maxBytes) return false;
      chunks.push(chunk);
      return true;
    },
    bytes() {
      const [only] = chunks;
      if (chunks.length === 1 && only) return only;
      const bytes = new Uint8Array(length);
      let offset = 0;
      for (const chunk of chunks) {
        bytes.set(chunk, offset);
        offset += chunk.byteLength;
      }
      return bytes;
    },
  };
}
