/** Random numbers from a seed: the same seed produces the same numbers. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `below`. */
  integer(below: number): number;
  /** One of a list that is not empty. */
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** A text of characters of `alphabet`. */
  text(length: number, alphabet: string): string;
  /** Where the stream stands: a stream that is set to it draws what this one would draw next. */
  state: number;
}

/** Creates a separate stream for each purpose, so that a further draw for one purpose changes no other. */
export function createRandom(seed: number, purpose: string): Random {
  let state = hash(`${String(seed)} ${purpose}`);
  // Mulberry32: a 32-bit generator in the public domain; quality is ample for test data.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    pick: (items) => items[integer(items.length)] ?? items[0],
    text(length, alphabet) {
      let text = '';
      for (let index = 0; index < length; index += 1) text += alphabet.charAt(integer(alphabet.length));
      return text;
    },
    get state() {
      return state;
    },
    set state(next) {
      state = next;
    },
  };
}

/** FNV-1a over the characters. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
