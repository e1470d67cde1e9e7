/** A queue with two ends. Every operation takes constant time. */
export interface Deque<Item> {
  readonly size: number;
  /** Returns the item that {@link shift} would remove. */
  first(): Item | undefined;
  push(item: Item): void;
  pushFront(item: Item): void;
  shift(): Item | undefined;
}

/** Initial capacity. All capacities are powers of two. */
const firstCapacity = 16;

/** An empty deque with a larger capacity shrinks. */
const largestKept = 4096;

/** Creates an empty deque. */
export function createDeque<Item>(): Deque<Item> {
  let items: (Item | undefined)[] = new Array<Item | undefined>(firstCapacity).fill(undefined);
  let head = 0;
  let size = 0;
  const indexOf = (offset: number): number => (head + offset) & (items.length - 1);
  const makeRoom = (): void => {
    if (size < items.length) return;
    const larger = new Array<Item | undefined>(items.length * 2).fill(undefined);
    for (let offset = 0; offset < size; offset += 1) larger[offset] = items[indexOf(offset)];
    items = larger;
    head = 0;
  };
  return {
    get size() {
      return size;
    },
    first: () => (size === 0 ? undefined : items[head]),
    push(item) {
      makeRoom();
      items[indexOf(size)] = item;
      size += 1;
    },
    pushFront(item) {
      makeRoom();
      head = indexOf(-1);
      items[head] = item;
      size += 1;
    },
    shift() {
      if (size === 0) return undefined;
      const item = items[head];
      items[head] = undefined;
      head = indexOf(1);
      size -= 1;
      // A long queue frees its memory once it is empty.
      if (size === 0 && items.length > largestKept) items = new Array<Item | undefined>(firstCapacity).fill(undefined);
      if (size === 0) head = 0;
      return item;
    },
  };
}
