import { PassThrough, Readable } from 'node:stream';
import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { fakeClock } from 'wa-coexist/testing';
import { systemClock } from 'wa-coexist';
import { sharedTimeout } from '../../src/runtime/shared-timeout.js';
import { readNodeStream, readStream, type BodyRead } from '../../src/runtime/read-body.js';

const maxBytes = 5_000;
const limits = { maxBytes, timeoutMs: 10_000, clock: systemClock };
const nodeLimits = { maxBytes, expireAfter: sharedTimeout(systemClock, 10_000) };

/** Cuts bytes into chunks of the given sizes, some of them empty, and the rest into one. */
function chunksOf(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at = Math.min(bytes.length, at + size);
  }
  return [...chunks, bytes.subarray(at)];
}

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

const ways: readonly (readonly [string, (chunks: readonly Uint8Array[]) => Promise<BodyRead>])[] = [
  ['a web stream', (chunks) => readStream(streamOf(chunks), limits)],
  [
    'a Node stream',
    // Node's own streams drop empty chunks.
    (chunks) =>
      readNodeStream(
        Readable.from(
          chunks.filter(({ length }) => length > 0),
          { objectMode: false },
        ),
        nodeLimits,
      ),
  ],
];

test.each(ways)('%s is read exactly in any chunking, up to the limit and not beyond', async (_name, read) => {
  const length = fc.oneof(fc.constantFrom(0, 1, maxBytes - 1, maxBytes, maxBytes + 1, maxBytes * 3), fc.nat({ max: maxBytes * 2 }));
  await fc.assert(
    fc.asyncProperty(length, fc.array(fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 3_000 })), { maxLength: 40 }), async (size, sizes) => {
      const bytes = Uint8Array.from({ length: size }, (_value, index) => index % 251);
      const result = await read(chunksOf(bytes, sizes));
      if (size > maxBytes) expect(result).toEqual({ type: 'too-large' });
      else expect(result.type === 'complete' && Buffer.from(result.bytes).equals(bytes)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('an upload that sends a byte now and then ends when the time for the whole body is over', async () => {
  const clock = fakeClock();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const reading = readStream(readable, { ...limits, clock });
  const writer = writable.getWriter();
  for (let index = 0; index < 12; index += 1) {
    writer.write(new Uint8Array(1)).catch(() => undefined);
    await clock.advance(1_000);
  }
  expect(await reading).toEqual({ type: 'timed-out' });
});

test('a signal ends the reading of a web stream', async () => {
  const controller = new AbortController();
  const web = readStream(new ReadableStream(), { ...limits, signal: controller.signal });
  controller.abort();
  expect(await web).toEqual({ type: 'aborted' });
});

test('a Node stream that breaks rejects, and a later error does not end the process', async () => {
  const stream = new PassThrough();
  const reading = readNodeStream(stream, nodeLimits);
  stream.destroy(new Error('reset'));
  await expect(reading).rejects.toThrow('reset');
  stream.emit('error', new Error('late'));
});
