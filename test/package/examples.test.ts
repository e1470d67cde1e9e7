import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What an example prints when it plays against the fake, run by the one command that its head names. */
async function run(name: string): Promise<string[]> {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !variable.startsWith('WHATSAPP_')));
  const { stdout } = await promisify(execFile)(process.execPath, [`examples/${name}/main.ts`], { cwd: root, env: environment });
  return stdout.trim().split('\n');
}

test('handoff-bot falls silent while a person answers, and answers again afterwards', async () => {
  expect(await run('handoff-bot')).toEqual([
    'customer: Do you have rye bread?',
    'bot: You wrote 22 characters.',
    'person: Two left, shall I keep them?',
    'customer: Yes, please',
    'bot: silent (person-holds)',
    "the thread is the bot's again (time)",
    'customer: When do you close?',
    'bot: You wrote 18 characters.',
  ]);
});

test('cost-report says what the app carried', async () => {
  const lines = await run('cost-report');
  expect(lines).toContain('app: 2 messages, 0 billed');
  expect(lines).toContain('service: 1 messages, 0 billed');
  expect(lines.at(-1)).toBe('the app carried 50 % of 4 messages, free of charge');
});
