import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { quantile } from './harness/compare.ts';
import type { Cell, Comparison } from './harness/comparison.ts';
import { libraries } from './peers/libraries.ts';

const run = promisify(execFile);
const rounds = 10;

/** What a cold process takes to import a library, in processor time. The libraries take turns. */
export const comparison: Comparison = {
  async run() {
    const tasks = ['send', 'receive'] as const;
    const times = new Map<string, number[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (const { imports } of libraries) {
        for (const entry of new Set(Object.values(imports))) times.set(entry, [...(times.get(entry) ?? []), await importMs(entry)]);
      }
    }
    return tasks.map((task) => {
      const cells: Record<string, Cell> = {};
      for (const { name, imports } of libraries) cells[name] = quantile(times.get(imports[task]) ?? [], 0.5);
      return { name: task === 'send' ? 'import in a cold process, to send' : 'import in a cold process, to receive', unit: 'ms', cells };
    });
  },
};

async function importMs(entry: string): Promise<number> {
  const program = `const before = process.cpuUsage(); await import('${entry}');
    const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: import.meta.dirname });
  return Number(stdout);
}
