import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { safeFilename } from 'wa-coexist';

test.each([
  ['invoice.pdf', 'invoice.pdf'],
  ['Übersicht 2026.pdf', 'Übersicht 2026.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['..\\..\\boot.ini', 'boot.ini'],
  ['a/b/', 'file'],
  ['..', 'file'],
  ['', 'file'],
  ['.htaccess', 'htaccess'],
  ['no\u0000te\u202egpj.exe', 'notegpj.exe'],
  ['a<b>:"|?*.txt', 'a_b______.txt'],
  ['con.txt', '_con.txt'],
  ['LPT1', '_LPT1'],
  ['conin$', '_conin$'],
  ['CONOUT$.txt', '_CONOUT$.txt'],
  ['com¹.log', '_com¹.log'],
  ['aux ;x', '_aux ;x'],
  ['-rf', '_-rf'],
  ['--help.pdf', '_--help.pdf'],
  ['console.txt', 'console.txt'],
  ['trailing. . ', 'trailing'],
])('%j becomes %j', (name, safe) => {
  expect(safeFilename(name)).toBe(safe);
});

test('the caller can set the fallback', () => {
  expect(safeFilename('///', 'untitled')).toBe('untitled');
});

test('a long name keeps its extension and whole characters', () => {
  const name = safeFilename(`${'ü'.repeat(400)}.pdf`);
  expect(name.endsWith('ü.pdf')).toBe(true);
  expect(new TextEncoder().encode(name).byteLength).toBeLessThanOrEqual(255);
  expect(name).not.toContain('\ufffd');
});

test('none of 5,000 random names becomes a path, a device or too long', () => {
  const hostile = fc.constantFrom('/', '\\', '..', '.', '\u0000', ':', 'con', 'NUL', ' ', '\ud800', '\u202e', '%2f', 'a', 'é', '😀');
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(hostile, { maxLength: 80 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(name, (given) => {
      const safe = safeFilename(given);
      expect(safe).not.toBe('');
      expect(safe).not.toMatch(/[/\\\p{Cc}<>:"|?*]/u);
      expect(safe).not.toMatch(/^[\s.]|[\s.]$/);
      expect(safe).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
      expect(new TextEncoder().encode(safe).byteLength).toBeLessThanOrEqual(255);
    }),
    { numRuns: 5000 },
  );
});

test('a name of megabytes is fast', () => {
  const startedAt = performance.now();
  safeFilename(`x${' .'.repeat(200_000)}x`);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});
