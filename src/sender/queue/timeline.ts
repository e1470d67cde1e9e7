/** Something that a {@link Timeline} can hold; it is in one at most. */
export interface Positioned {
  /** Place inside the timeline, or -1 outside of any: the timeline's to write. */
  position: number;
}

/** Items by the time at which something is due for them: adding, removing and taking cost the logarithm of the size. */
export interface Timeline<Item extends Positioned> {
  /** How many items there are. */
  readonly size: number;
  /** When the first item is due, in milliseconds; `Infinity` if there is none. */
  readonly nextAtMs: number;
  /** Puts an item in. */
  add(item: Item, atMs: number): void;
  /** Takes an item out, wherever it is; one that is not in is left alone. */
  remove(item: Item): void;
  /** Takes out the first item if it is due. */
  takeDue(nowMs: number): Item | undefined;
}

/** Makes an empty timeline: a binary heap whose items know their place. */
export function createTimeline<Item extends Positioned>(): Timeline<Item> {
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
