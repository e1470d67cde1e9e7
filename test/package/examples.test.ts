import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { redisThere } from '../stores/redis/server.js';

if (!redisThere) console.log('Left out: the example many-processes, because there is no redis-server on the PATH and no REDIS_URL.');

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Returns the output of an example with the fake, started by the command in its README. */
async function run(file: string, variables: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const foreign = /^(WHATSAPP_.*|NODE_ENV|PORT)$/;
  const environment = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !foreign.test(variable)));
  const env = { ...environment, NEXT_TELEMETRY_DISABLED: '1', NODE_NO_WARNINGS: '1', ...variables };
  const { stdout } = await promisify(execFile)(process.execPath, [`examples/${file}`], { cwd: root, env });
  return stdout.trim().split('\n');
}

const received = [
  'handshake: passed',
  'Mara wrote: Do you have crème brûlée? 🥐',
  'somebody in the shop answered: Two left',
  '2 deliveries answered with 200',
];

/** Examples, and a part of the output of each. */
const printed: Readonly<Record<string, readonly string[]>> = {
  'receivers/node-http/main.ts': received,
  'receivers/express/main.ts': received,
  'receivers/fastify/main.ts': received,
  'receivers/hono/main.ts': received,
  'receivers/next/main.js': received,
  'receivers/aws-lambda/main.ts': received,
  'handoff-bot/main.ts': [
    'customer: Do you have rye bread?',
    'bot: You wrote 22 characters.',
    'person: Two left, shall I keep them?',
    'customer: Yes, please',
    'bot: silent (person-holds)',
    "the thread is the bot's again (time)",
    'customer: When do you close?',
    'bot: You wrote 18 characters.',
  ],
  'cost-report/main.ts': [
    'app: 2 messages, 0 billed',
    'service: 1 messages, 0 billed',
    'the app carried 50 % of 4 messages, free of charge',
  ],
  'heartbeat-reminder/main.ts': [
    'day 10: opening the app is due: by 2026-11-16 the link is lost',
    'day 12: opening the app is urgent: by 2026-11-16 the link is lost',
    'day 13: somebody opened the app',
    'day 23: opening the app is due: by 2026-11-29 the link is lost',
    '49 runs, 3 reminders',
  ],
  'one-number/main.ts': [
    'the number is live',
    'Mara: Do you have rye bread?',
    'API: Thank you, we will be with you in a minute.',
    'opening the app is due',
    'app: Two left, shall I keep them?',
    'a day later, template: accepted',
    'somebody opened the app; next time by 2026-11-13',
    'the number is disconnected',
  ],
  'inbox/main.ts': [
    '09:00 Mara: Do you have rye bread? [edited once, was: Do you have rye bred?]',
    '09:02 app: (deleted)',
    '09:04 app: Two left, shall I keep them?',
    '09:05 Mara: Yes, please',
    '09:06 API: They are yours until noon. [read]',
    'the page answers 200',
  ],
  'tenants-on-postgres/main.ts': [
    'bakery: onboarding done',
    'books: onboarding done',
    'bakery: 32 messages, 1 ticket',
    '  customer: Do you have rye bread?',
    '  app: Two left',
    'books: 22 messages, 1 ticket',
    '  customer: Is my book there?',
    '  customer: The blue one',
    '2 tokens, encrypted',
  ],
  'open-telemetry/main.ts': ['graph.request', 'graph.request error.type=window-closed'],
};

/** Examples with their own tests, below or in other files. */
const testedElsewhere = [
  'agent-inbox/src/main.ts',
  'campaign/main.ts',
  'demo/main.ts',
  'embedded-signup/main.ts',
  'many-processes/main.ts',
];

describe('examples', () => {
  // PostgreSQL and the compilation of Next.js are slow on a busy machine.
  test.each(Object.entries(printed))(
    '%s',
    async (file, lines) => {
      const output = await run(file);
      expect(output.filter((line) => lines.includes(line))).toEqual(lines);
    },
    180_000,
  );

  test('have a test each, and a README that names their command', () => {
    const mains = globSync('**/main.{ts,js}', { cwd: `${root}examples`, exclude: ['**/.next/**', '**/node_modules/**', '**/dist/**'] });
    expect(mains.sort()).toEqual([...Object.keys(printed), ...testedElsewhere].sort());
    const readme = (example: string): string => readFileSync(`${root}examples/${example.split('/')[0] ?? ''}/README.md`, 'utf8');
    for (const main of mains) expect(readme(main)).toMatch(/^(?:demo|agent-inbox)\//.test(main) ? /npm run demo/ : `node examples/${main}`);
    for (const suite of ['tests-with-vitest', 'tests-with-jest']) expect(readme(suite)).toContain('npm test');
  });
});

test.runIf(redisThere)('many-processes sends all messages once if one process is killed', { timeout: 120_000 }, async () => {
  // It ends when Meta has received each message, or a process has reported it as unknown.
  const lines = (await run('many-processes/main.ts')).join('\n');
  expect(lines).toContain('300 messages of 6 numbers are queued');
  expect(lines).toMatch(/process 1 sent [2-9]\d+\nprocess 2 sent [1-9]\d*\nprocess 3 sent [1-9]\d*/);
  expect(lines).toMatch(/Meta has [1-3]\d\d messages, 0 of them twice, at most (1?\d|20) of one number in a second/);
});

test('many-processes reports that it needs redis-server, and ends', async () => {
  const [line, ...more] = await run('many-processes/main.ts', { PATH: '', REDIS_URL: '' });
  expect(line).toBe('Left out: there is no redis-server here. Install one, or set REDIS_URL.');
  expect(more).toEqual([]);
});
