/** An item of an {@link IndexedHeap}. It is in at most one heap. */
export interface Positioned {
  /** Its index in the heap, or -1. Only the heap writes it. */
  position: number;
}

/** Items ordered by time. Adding and removing an item takes logarithmic time. */
export interface IndexedHeap<Item extends Positioned> {
  /** Number of items. */
  readonly size: number;
  /** Time of the first item in milliseconds, or `Infinity`. */
  readonly nextAtMs: number;
  /** Time of each item, in no particular order. */
  times(): Iterable<number>;
  /** Adds an item. */
  add(item: Item, atMs: number): void;
  /** Removes an item, if the heap contains it. */
  remove(item: Item): void;
  /** Removes and returns the first item if it is due. */
  takeDue(nowMs: number): Item | undefined;
}

/** Creates an empty binary heap. Items store their index, so they can be removed quickly. */
export function createIndexedHeap<Item extends Positioned>(): IndexedHeap<Item> {
  const items: Item[] = [];
  const times: number[] = [];

  const place = (item: Item, atMs: number, index: number): void => {
    items[index] = item;
    times[index] = atMs;
    item.position = index;
  };
  const rise = (item: Item, atMs: number, from: number): void => {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent];
      const aboveAtMs = times[parent];
      if (above === undefined || aboveAtMs === undefined || aboveAtMs <= atMs) break;
      place(above, aboveAtMs, index);
      index = parent;
    }
    place(item, atMs, index);
  };
  const sink = (item: Item, atMs: number, from: number): void => {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const leftAtMs = times[left] ?? Infinity;
      const rightAtMs = times[left + 1] ?? Infinity;
      const child = rightAtMs < leftAtMs ? left + 1 : left;
      const below = items[child];
      const belowAtMs = Math.min(leftAtMs, rightAtMs);
      if (below === undefined || belowAtMs >= atMs) break;
      place(below, belowAtMs, index);
      index = child;
    }
    place(item, atMs, index);
  };
  const remove = (item: Item): void => {
    const index = item.position;
    if (items[index] !== item) return;
    item.position = -1;
    const last = items.pop();
    const lastAtMs = times.pop();
    if (last === undefined || lastAtMs === undefined || last === item) return;
    const parentAtMs = index > 0 ? (times[(index - 1) >> 1] ?? -Infinity) : -Infinity;
    if (parentAtMs > lastAtMs) rise(last, lastAtMs, index);
    else sink(last, lastAtMs, index);
  };

  return {
    get size() {
      return items.length;
    },
    get nextAtMs() {
      return times[0] ?? Infinity;
    },
    times: () => times,
    add(item, atMs) {
      rise(item, atMs, items.length);
    },
    remove,
    takeDue(nowMs) {
      const first = items[0];
      if (first === undefined || (times[0] ?? Infinity) > nowMs) return undefined;
      remove(first);
      return first;
    },
  };
}
