import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the campaign example plans, sends and reports against the fake Cloud API', async () => {
  const { WHATSAPP_ACCESS_TOKEN: _token, WHATSAPP_PHONE_NUMBER_ID: _id, ...env } = process.env;
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const child = spawn(process.execPath, ['--no-warnings', 'examples/campaign/main.ts'], { cwd: root, env });
  let output = '';
  const collect = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(output).toContain('Plan: 60 messages to 60 people in about 3 s');
  expect(output).toContain('60 of 60');
  expect(output).toContain('60 accepted, 0 rejected, 0 unknown');
  expect(code).toBe(0);
});
