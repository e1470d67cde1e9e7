import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { coexistencePolicy, restrictions } from 'wa-coexist/coexistence';

const page = readFileSync(fileURLToPath(new URL('../../docs/guide/restrictions.md', import.meta.url)), 'utf8');
const asOf = '2026-11-22';

/** Returns the cells of the table with this first heading, row by row. */
function tableOf(firstCell: string): readonly (readonly string[])[] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${firstCell} `));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the table of features contains the results of restrictions()', () => {
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  const rows = restrictions({ asOf }).map(({ title, inApp, throughApi, mirrored, since = '' }) => [
    title,
    inApp,
    yes(throughApi),
    yes(mirrored),
    since,
  ]);
  expect(tableOf('Feature')).toEqual(rows);
});

test('the table of regions contains the rules of the policy for each country', () => {
  const countries: Readonly<Record<string, readonly string[]>> = {
    'every other country': ['US', 'BR', 'ID', 'MX', 'CH', 'KZ'],
    India: ['IN'],
    'the United Kingdom': ['GB'],
    'the EU and the EEA': ['DE', 'FR', 'FI', 'AX', 'RE', 'IS', 'LI', 'NO'],
    Australia: ['AU'],
    Japan: ['JP'],
    'the Philippines': ['PH'],
    Russia: ['RU'],
    'South Korea': ['KR'],
    Turkey: ['TR'],
    Nigeria: ['NG'],
    'South Africa': ['ZA'],
  };
  const table = tableOf('Numbers of');
  expect(table.map(([name]) => name)).toEqual(Object.keys(countries));
  for (const [name = '', since = ''] of table) {
    for (const country of countries[name] ?? []) {
      expect(coexistencePolicy({ asOf }).countryRule(country)).toMatchObject({ value: true, since });
      const dayBefore = new Date(Date.parse(since) - 86_400_000);
      expect(coexistencePolicy({ asOf: dayBefore }).countryRule(country).value, `${country} the day before`).toBe(false);
    }
  }
});
