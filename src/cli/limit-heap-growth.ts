import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 collect garbage earlier. By default, the heap of a busy emulator grows to several times the size of its content, which is at
 * most the newest messages. V8 reads both flags before each collection, so they work in a running process.
 */
export function limitHeapGrowth(): void {
  // Other runtimes have other heaps.
  if (process.versions['bun'] !== undefined) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
