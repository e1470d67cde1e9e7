import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Programs that people copy. */
const files = [
  'README.md',
  ...globSync('docs/guide/*.md', { cwd: root }),
  ...globSync('examples/**/*.{ts,tsx,js,mjs,md}', { cwd: root, exclude: (path) => /node_modules|\.next/.test(path) }),
];

/**
 * A fallback for a secret: `env.APP_SECRET ?? 'x'`, `env.TOKEN || 'x'`, `tokens.get(id) ?? ''`,
 * `{ WHATSAPP_APP_SECRET = 'x' }`.
 */
const fallbacks: readonly RegExp[] = [
  /(?:secret|token|password|pin\b|_key\b)[\w'"\])]*\s*(?:\?\?|\|\|)\s*['"`]/i,
  /tokens?(?:\.get\([^\n]*?\)|\[[^\n]*?\])\s*(?:\?\?|\|\|)\s*['"`]/i,
  /\{[^}\n]*WHATSAPP_\w*(?:SECRET|TOKEN)\w*(?::\s*\w+)?\s*=\s*['"`][^}\n]*\}\s*=/,
];

test('no README program, guide page or example has a fallback for a secret', () => {
  const found = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (fallbacks.some((pattern) => pattern.test(line)) ? [`${file}:${String(index + 1)}: ${line.trim()}`] : [])),
  );
  expect(files.length).toBeGreaterThan(20);
  expect(found).toEqual([]);
});

test.each([
  "appSecret: process.env['WHATSAPP_APP_SECRET'] ?? 'fake-app-secret',",
  "verifyToken: process.env.WHATSAPP_VERIFY_TOKEN || 'verify',",
  "accessToken: ({ wabaId }) => tokens.get(wabaId ?? '') ?? '',",
  "accessToken: ({ phoneNumberId }) => tokens[phoneNumberId ?? ''] ?? '' });",
  "const { WHATSAPP_APP_SECRET: appSecret = 'secret' } = process.env;",
])('the scan finds %s', (line) => {
  expect(fallbacks.some((pattern) => pattern.test(line))).toBe(true);
});
