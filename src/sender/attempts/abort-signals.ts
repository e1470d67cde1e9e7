/**
 * Watches the abort signals of many items with one listener per signal. Adding a listener per item gets slower with
 * each one.
 */
export interface AbortSignals<Item> {
  add(signal: AbortSignal, item: Item): void;
  remove(signal: AbortSignal, item: Item): void;
}

/** Creates a watcher that calls `onAbort` for each item of a signal that aborts. */
export function createAbortSignals<Item>(onAbort: (item: Item, signal: AbortSignal) => void): AbortSignals<Item> {
  const watched = new Map<AbortSignal, { readonly items: Set<Item>; readonly listener: () => void }>();
  const forget = (signal: AbortSignal, listener: () => void): void => {
    watched.delete(signal);
    signal.removeEventListener('abort', listener);
  };
  return {
    add(signal, item) {
      const known = watched.get(signal);
      if (known) {
        known.items.add(item);
        return;
      }
      const items = new Set([item]);
      const listener = (): void => {
        forget(signal, listener);
        for (const each of items) onAbort(each, signal);
      };
      watched.set(signal, { items, listener });
      signal.addEventListener('abort', listener);
    },
    remove(signal, item) {
      const known = watched.get(signal);
      if (!known) return;
      known.items.delete(item);
      if (known.items.size === 0) forget(signal, known.listener);
    },
  };
}
