/** A queue with two ends in a growing ring: each operation takes the same time however long it is. */
export interface Ring<Item> {
  readonly size: number;
  /** The item that {@link shift} would take. */
  first(): Item | undefined;
  push(item: Item): void;
  pushFront(item: Item): void;
  shift(): Item | undefined;
}

/** Room at the start; a power of two, as all later sizes. */
const firstCapacity = 16;

/** An empty ring keeps no more room than this. */
const largestKept = 4096;

/** Makes an empty ring. */
export function createRing<Item>(): Ring<Item> {
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
      // What a long queue took is given back once it is empty.
      if (size === 0 && items.length > largestKept) items = new Array<Item | undefined>(firstCapacity).fill(undefined);
      if (size === 0) head = 0;
      return item;
    },
  };
}
