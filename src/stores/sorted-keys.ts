/** A set of keys in the order of their UTF-8 bytes. */
export interface SortedKeys {
  /** Adds a key that is not in the set. */
  add(key: string): void;
  /** Removes a key, if it is in the set. */
  remove(key: string): void;
  /** Keys in order from the first that does not sort before `start`. Keys may be removed while the listing is read. */
  from(start: string): Iterable<string>;
}

/**
 * Ordered keys in blocks of bounded length: adding, removing and seeking cost far less than the number of keys. Keys are put in order when
 * somebody asks for it.
 */
export function sortedKeys(): SortedKeys {
  const blockLength = 512;
  const blocks: string[][] = [[]];
  /** Added since the order was last asked for. A store may never be listed, and putting a key in its place costs more than writing its row. */
  const fresh = new Set<string>();
  // As long as no key has surrogates, the language's own comparison gives the same order, several times as fast.
  let compare = compareUnits;

  const see = (key: string): void => {
    if (/[\ud800-\udfff]/.test(key)) compare = compareKeys;
  };

  /** The last block whose first key does not sort after `key`. */
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
      // Neighbours go into the same block, one after the other.
      for (const key of [...fresh].sort(compare)) insert(key);
      fresh.clear();
      let key: string | undefined = start;
      for (;;) {
        const index = blockFor(key);
        const block: readonly string[] = blocks[index] ?? [];
        const rest: readonly string[] = block.slice(positionIn(block, key));
        // Read before handing out: whoever takes the keys may remove some, and blocks with them.
        key = blocks[index + 1]?.[0];
        yield* rest;
        if (key === undefined) return;
      }
    },
  };
}

/** Orders keys as their UTF-8 bytes do, which is the order of code points (unlike the language's own, by UTF-16 units). */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Orders keys by their UTF-16 units. */
function compareUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Surrogates stand for code points above every other UTF-16 unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
