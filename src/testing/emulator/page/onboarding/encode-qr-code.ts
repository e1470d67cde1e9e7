/** The squares of a QR code, row by row: dark ones are `true`. */
export type QrCode = readonly (readonly boolean[])[];

/** Sizes of QR codes with error correction level L. Source: ISO/IEC 18004, tables 7, 9 and E.1. */
const versions = [
  { version: 2, bytes: 44, check: 10, blocks: 1 },
  { version: 3, bytes: 70, check: 15, blocks: 1 },
  { version: 4, bytes: 100, check: 20, blocks: 1 },
  { version: 5, bytes: 134, check: 26, blocks: 1 },
  { version: 6, bytes: 172, check: 18, blocks: 2 },
] as const;

/**
 * Encodes a text of at most 134 bytes.
 *
 * @throws `RangeError` if the text is longer.
 */
export function encodeQrCode(text: string): QrCode {
  const data = new TextEncoder().encode(text);
  const found = versions.find(({ bytes, check, blocks }) => data.length + 2 <= bytes - check * blocks);
  if (!found) throw new RangeError('The text is too long for a QR code of version 6.');
  const { version, bytes, check, blocks } = found;
  const payload = pad(data, bytes - check * blocks);
  const length = payload.length / blocks;
  const parts = Array.from({ length: blocks }, (_, index) => payload.slice(index * length, (index + 1) * length));
  const checks = parts.map((part) => remainder(part, check));
  const all = [...interleave(parts), ...interleave(checks)];
  return place(all, version);
}

/** Byte mode, the length, the data, and alternating filling bytes. */
function pad(data: Uint8Array, capacity: number): number[] {
  const nibbles = [4, data.length >> 4, data.length & 15, ...Array.from(data).flatMap((byte) => [byte >> 4, byte & 15]), 0];
  const bytes = Array.from({ length: nibbles.length / 2 }, (_, index) => ((nibbles[index * 2] ?? 0) << 4) | (nibbles[index * 2 + 1] ?? 0));
  while (bytes.length < capacity) bytes.push((bytes.length - data.length) % 2 === 0 ? 0xec : 0x11);
  return bytes;
}

function interleave(parts: readonly (readonly number[])[]): number[] {
  return (parts[0] ?? []).flatMap((_, index) => parts.map((part) => part[index] ?? 0));
}

/** Multiplies in the field with the polynomial x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(left: number, right: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    if ((right >> bit) & 1) product ^= left;
  }
  return product;
}

/** The check bytes of Reed and Solomon. */
function remainder(data: readonly number[], length: number): number[] {
  let generator = [1];
  let root = 1;
  for (let degree = 0; degree < length; degree += 1) {
    const factor = root;
    generator = [...generator, 0].map((value, index) => value ^ multiply(generator[index - 1] ?? 0, factor));
    root = multiply(root, 2);
  }
  const rest = [...data, ...Array.from({ length }, () => 0)];
  for (let index = 0; index < data.length; index += 1) {
    const lead = rest[index] ?? 0;
    generator.forEach((value, offset) => {
      rest[index + offset] = (rest[index + offset] ?? 0) ^ multiply(value, lead);
    });
  }
  return rest.slice(data.length);
}

/** Draws the fixed patterns and the data, with mask 0 (a chessboard). */
function place(bytes: readonly number[], version: number): QrCode {
  const size = version * 4 + 17;
  const dark = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const fixed = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const set = (row: number, column: number, isDark: boolean): void => {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    (dark[row] ?? [])[column] = isDark;
    (fixed[row] ?? [])[column] = true;
  };
  for (let index = 0; index < size; index += 1) {
    set(6, index, index % 2 === 0);
    set(index, 6, index % 2 === 0);
  }
  const finder = (middleRow: number, middleColumn: number): void => {
    for (let row = -4; row <= 4; row += 1)
      for (let column = -4; column <= 4; column += 1) {
        const ring = Math.max(Math.abs(row), Math.abs(column));
        set(middleRow + row, middleColumn + column, ring !== 2 && ring !== 4);
      }
  };
  finder(3, 3);
  finder(3, size - 4);
  finder(size - 4, 3);
  const middle = size - 7;
  for (let row = -2; row <= 2; row += 1)
    for (let column = -2; column <= 2; column += 1) set(middle + row, middle + column, Math.max(Math.abs(row), Math.abs(column)) !== 1);
  drawFormat(set, size);
  drawData(bytes, dark, fixed);
  return dark;
}

/** Level L and mask 0, with their check bits. Source: ISO/IEC 18004, annex C. */
const formatBits = 0b111011111000100;

function drawFormat(set: (row: number, column: number, isDark: boolean) => void, size: number): void {
  for (let index = 0; index < 15; index += 1) {
    const isDark = ((formatBits >> index) & 1) === 1;
    // Around the first pattern, leaving out the timing lines.
    if (index < 6) set(index, 8, isDark);
    else if (index < 8) set(index + 1, 8, isDark);
    else if (index === 8) set(8, 7, isDark);
    else set(8, 14 - index, isDark);
    // Next to the other two.
    if (index < 8) set(8, size - 1 - index, isDark);
    else set(size - 15 + index, 8, isDark);
  }
  set(size - 8, 8, true);
}

/** Fills pairs of columns from the right, up and down in turn. */
function drawData(bytes: readonly number[], dark: boolean[][], fixed: readonly (readonly boolean[])[]): void {
  const size = dark.length;
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    const column = right <= 6 ? right - 1 : right;
    const isUp = ((column + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const row = isUp ? size - 1 - step : step;
      for (const offset of [0, 1]) {
        if (fixed[row]?.[column - offset]) continue;
        const value = (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        bit += 1;
        (dark[row] ?? [])[column - offset] = value !== ((row + column - offset) % 2 === 0);
      }
    }
  }
}
