import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { quantile } from './compare.ts';
import type { Figure } from './figure.ts';

const run = promisify(execFile);
const rounds = 25;

/**
 * Returns the processor milliseconds of imports in a cold process. Wall-clock time would include other programs on a
 * busy machine.
 */
export async function coldImportMs(modules: readonly string[]): Promise<number> {
  const imports = modules.map((module) => `await import('${module}');`).join(' ');
  const program = `const before = process.cpuUsage(); ${imports}
    const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: import.meta.dirname });
  return Number(stdout);
}

/**
 * Compares the import of an entry to the import of all external modules that it loads. They alternate, each time in a
 * new process.
 */
export function importFigure(entry: string, dependencies: readonly string[], atMost: number): Figure {
  return {
    name: `import of ${entry}, to its dependencies`,
    target: { atMost },
    async run() {
      const own: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        own.push(await coldImportMs([entry]));
        theirs.push(await coldImportMs(dependencies));
      }
      const ownMs = quantile(own, 0.5);
      const dependenciesMs = quantile(theirs, 0.5);
      return { value: ownMs / dependenciesMs, unit: '×', details: { 'entry, ms': ownMs, 'dependencies, ms': dependenciesMs } };
    },
  };
}
