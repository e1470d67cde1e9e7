import type { IncomingMessage } from 'node:http';

/** The longest body of an ordinary request, in bytes. */
export const maxBodyBytes: number = 4 * 1024 * 1024;
/** The longest body of a request with a file, in bytes: Meta takes documents of up to 100 MB. */
export const maxFileBodyBytes: number = 104 * 1024 * 1024;

const firstBufferBytes = 16 * 1024;

/**
 * Reads the body of a request into one buffer that grows, so that memory follows the bytes and not the number of chunks.
 * Resolves with `undefined` as soon as the body is longer than `maxBytes`.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > maxBytes) {
      resolve(undefined);
      return;
    }
    let buffer = new Uint8Array(Math.min(maxBytes, Math.max(declared, firstBufferBytes)));
    let length = 0;
    request.on('data', (chunk: Uint8Array) => {
      const nextLength = length + chunk.length;
      if (nextLength > maxBytes) {
        // What still arrives is dropped until the caller closes the connection.
        buffer = new Uint8Array();
        length = Number.POSITIVE_INFINITY;
        resolve(undefined);
        return;
      }
      if (nextLength > buffer.length) {
        const larger = new Uint8Array(Math.min(maxBytes, Math.max(nextLength, buffer.length * 2)));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(chunk, length);
      length = nextLength;
    });
    request.on('end', () => {
      resolve(buffer.slice(0, length));
    });
    request.on('close', () => {
      reject(new Error('The request ended before its body did.'));
    });
    request.on('error', reject);
  });
}
