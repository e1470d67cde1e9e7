import { bundleSize } from './harness/bundle.ts';
import type { Cell, Comparison } from './harness/comparison.ts';
import { libraries } from './peers/libraries.ts';

/** The bundle size of a program for one task, including the dependencies of the library. */
export const comparison: Comparison = {
  async run() {
    const send: Record<string, Cell> = {};
    const withinLimits: Record<string, Cell> = {};
    const receive: Record<string, Cell> = {};
    for (const { name, programs } of libraries) {
      send[name] = (await bundleSize(programs.send)).gzipKb;
      if (programs.sendWithinLimits !== undefined) withinLimits[name] = (await bundleSize(programs.sendWithinLimits)).gzipKb;
      receive[name] = (await bundleSize(programs.receive)).gzipKb;
    }
    return [
      { name: 'bundle that sends a text, gzip', unit: 'kB', cells: send },
      { name: '  and keeps to the number’s limits', unit: 'kB', cells: withinLimits },
      { name: 'bundle that verifies and parses a webhook, gzip', unit: 'kB', cells: receive },
    ];
  },
};
