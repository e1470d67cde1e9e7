/** A set of keys in the order of their UTF-8 bytes. */
export interface SortedKeys {
  /** Adds a key that isn't in the set. */
  add(key: string): void;
  /** Removes a key if it is in the set. */
  remove(key: string): void;
  /** Iterates over the keys from `start` on. Keys can be removed during the iteration. */
  from(start: string): Iterable<string>;
}

/**
 * Creates a sorted set of keys in blocks of limited length. Adding, removing and seeking cost far less than a scan.
 * Keys are sorted on the first iteration after they were added.
 */
export function sortedKeys(): SortedKeys {
  const blockLength = 512;
  const blocks: string[][] = [[]];
  /**
   * Keys that were added since the last iteration. Some stores are never listed, and sorting a key takes longer than
   * writing its row.
   */
  const fresh = new Set<string>();
  // If no key has surrogates, JavaScript's own comparison gives the same order and is several times faster.
  let compare = compareUnits;

  const see = (key: string): void => {
    if (/[\ud800-\udfff]/.test(key)) compare = compareKeys;
  };

  /** Returns the last block whose first key doesn't sort after `key`. */
  const blockFor = (key: string): number => {
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const first = blocks[middle]?.[0];
      if (first !== undefined && compare(first, key) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const positionIn = (block: readonly string[], key: string): number => {
    let low = 0;
    let high = block.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(block[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const insert = (key: string): void => {
    const index = blockFor(key);
    const block = blocks[index] ?? [];
    block.splice(positionIn(block, key), 0, key);
    if (block.length > blockLength) blocks.splice(index + 1, 0, block.splice(blockLength / 2));
  };

  return {
    add(key) {
      see(key);
      fresh.add(key);
    },
    remove(key) {
      if (fresh.delete(key)) return;
      const index = blockFor(key);
      const block = blocks[index] ?? [];
      const position = positionIn(block, key);
      if (block[position] !== key) return;
      block.splice(position, 1);
      if (block.length === 0 && blocks.length > 1) blocks.splice(index, 1);
    },
    *from(start) {
      see(start);
      // Sorted first, because neighboring keys belong to the same block.
      for (const key of [...fresh].sort(compare)) insert(key);
      fresh.clear();
      let key: string | undefined = start;
      for (;;) {
        const index = blockFor(key);
        const block: readonly string[] = blocks[index] ?? [];
        const rest: readonly string[] = block.slice(positionIn(block, key));
        // Read before yielding, because the caller may remove keys and thereby blocks.
        key = blocks[index + 1]?.[0];
        yield* rest;
        if (key === undefined) return;
      }
    },
  };
}

/**
 * Compares keys by their UTF-8 bytes, which is the order of code points. JavaScript's own comparison uses UTF-16 units.
 *
 * @param left - A key.
 * @param right - A key.
 */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Compares keys by their UTF-16 units. */
function compareUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Surrogates represent code points above all other UTF-16 units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
