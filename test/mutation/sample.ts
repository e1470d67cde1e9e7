import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';

/** An area, with the number of lines in a sample. */
interface Area {
  readonly sources: readonly string[];
  readonly without: readonly string[];
  readonly tests: readonly string[];
  readonly lines: number;
}

/**
 * The areas of which `npm run check:mutants` mutates a sample: their sources, and the tests that must find the mutants. All mutants of these
 * areas would take days, because each needs real time, and in BullMQ a real Redis.
 */
export const areas: Readonly<Record<string, Area>> = {
  sender: {
    sources: ['src/sender'],
    without: ['src/sender/bullmq'],
    // Without the tests that start processes, or take long for what little of the sender they reach. The contract takes 20 seconds of real time.
    tests: [
      'test/sender/!(real-server).test.ts',
      'test/sender/contract/*.test.ts',
      'test/coexistence/{rejected-on-known-numbers,service-window}.test.ts',
      'test/integration/outbox-urgent.test.ts',
      'test/messages/reply.test.ts',
      'test/runtime/unsubscribe.test.ts',
      'test/stores/bounded.test.ts',
      'test/templates/catalog.test.ts',
    ],
    lines: 40,
  },
  bullmq: {
    sources: ['src/sender/bullmq'],
    without: [],
    // Tests with their own processes run the built sender, which has no mutants.
    tests: ['test/integration/bullmq/{bull-sender,contract,control,engine,pace,people,places,stops}.test.ts'],
    lines: 12,
  },
  handoff: { sources: ['src/coexistence/handoff'], without: [], tests: ['test/coexistence/handoff.test.ts'], lines: 20 },
  mirror: { sources: ['src/coexistence/mirror'], without: [], tests: ['test/coexistence/mirror/**/*.test.ts'], lines: 20 },
};

/** Returns the area of this run. */
export function readArea(): Area {
  const name = process.env.MUTANTS_OF ?? 'sender';
  const area = areas[name];
  if (!area) throw new RangeError(`There is no area ${name}. The areas are ${Object.keys(areas).join(', ')}.`);
  return area;
}

/** Picks lines with code at random. The same seed picks the same lines of the same sources. */
export function sampleLines({ sources, without, lines }: Area, seed: number): string[] {
  const files = sources
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`))
    .filter((path) => path.endsWith('.ts') && !without.some((folder) => path.startsWith(`${folder}/`)))
    .sort();
  const candidates = files.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((text, index) => (isCode(text) ? [`${path}:${String(index + 1)}-${String(index + 1)}`] : [])),
  );
  const random = randomFrom(seed);
  const picked = new Set<string>();
  while (picked.size < Math.min(lines, candidates.length)) picked.add(candidates[Math.floor(random() * candidates.length)] ?? '');
  return [...picked];
}

/** Whether a line can have a mutant: it isn't a comment, an import, a type declaration or a log entry. */
function isCode(text: string): boolean {
  const line = text.trim();
  if (/^(\/\/|\/?\*|import|export (type|interface|\{)|readonly|type|interface|logger\.|throw new)/.test(line)) return false;
  return /[=!<>?]|&&|\|\||\breturn\b|\bif\b|\w\(/.test(line) && /[;{,)]$/.test(line) && !/^\w+\??\([^)]*\): .*;$/.test(line);
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
