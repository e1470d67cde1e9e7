import { crc32, deflateSync } from 'node:zlib';

const width = 480;
const height = 320;

type Color = readonly [red: number, green: number, blue: number];

/** Draws a small landscape as a PNG, for messages with a picture. */
export function samplePicture(): Uint8Array {
  const rows = new Uint8Array((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows.set(colorAt(x / width, y / height), y * (width * 3 + 1) + 1 + x * 3);
  }
  const head = new DataView(new ArrayBuffer(13));
  head.setUint32(0, width);
  head.setUint32(4, height);
  // 8 bits for each of red, green and blue.
  head.setUint8(8, 8);
  head.setUint8(9, 2);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return joined([signature, chunk('IHDR', new Uint8Array(head.buffer)), chunk('IDAT', deflateSync(rows)), chunk('IEND', new Uint8Array())]);
}

/** Sky with a sun, three rows of hills, and the sea. */
function colorAt(x: number, y: number): Color {
  if (Math.hypot((x - 0.7) * 1.5, y - 0.36) < 0.11) return [255, 236, 190];
  if (y > 0.84) return mix([34, 92, 108], [20, 62, 80], (y - 0.84) / 0.16);
  if (y > 0.68 + 0.06 * Math.sin(x * 9 + 1)) return [38, 84, 82];
  if (y > 0.58 + 0.09 * Math.sin(x * 6)) return [78, 122, 112];
  if (y > 0.5 + 0.08 * Math.sin(x * 4 + 2)) return [146, 164, 140];
  return mix([112, 164, 196], [250, 214, 170], y / 0.6);
}

function mix(from: Color, to: Color, share: number): Color {
  const at = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * Math.min(1, share));
  return [at(0), at(1), at(2)];
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = joined([new TextEncoder().encode(type), data]);
  const frame = new DataView(new ArrayBuffer(4));
  const checksum = new DataView(new ArrayBuffer(4));
  frame.setUint32(0, data.length);
  checksum.setUint32(0, crc32(named));
  return joined([new Uint8Array(frame.buffer), named, new Uint8Array(checksum.buffer)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
