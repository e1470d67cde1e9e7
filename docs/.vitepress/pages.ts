/** The order of the guide. The sidebar, the links to the previous and next page, and `llms.txt` use it. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const guide = join(import.meta.dirname, '../guide');

/** A group of the sidebar: its title and the names of its pages in `docs/guide`. */
export interface PageGroup {
  readonly text: string;
  readonly pages: readonly string[];
}

export const groups: readonly PageGroup[] = [
  {
    text: 'Getting started',
    pages: ['start', 'going-live', 'frameworks', 'entry-points', 'typescript-commonjs-jest', 'moving-from-other-libraries', 'comparison'],
  },
  { text: 'Concepts', pages: ['coexistence', 'identity', 'client', 'errors', 'error-codes'] },
  { text: 'Receive', pages: ['receiving', 'webhook-events', 'history-into-your-database'] },
  { text: 'Send', pages: ['messages', 'templates', 'media', 'flows', 'sending', 'costs'] },
  { text: 'Coexistence', pages: ['onboarding', 'life-of-a-number', 'hand-off', 'restrictions', 'moving-numbers'] },
  { text: 'Testing', pages: ['testing', 'emulator', 'emulator-screenshots', 'fake-cloud-api', 'fake-rules'] },
  {
    text: 'Operations',
    pages: [
      'deployment',
      'multiple-tenants',
      'running-on-many-machines',
      'postgres',
      'custom-stores',
      'observability',
      'security',
      'troubleshooting',
      'upgrading',
    ],
  },
];

const missing = globSync('*.md', { cwd: guide }).filter((file) => !groups.some(({ pages }) => pages.includes(basename(file, '.md'))));
if (missing.length > 0) throw new Error(`docs/.vitepress/pages.ts lacks ${missing.sort().join(', ')}.`);

/** Reads a page of the guide: its title, and its text without front matter. */
export function readPage(name: string): { readonly title: string; readonly body: string } {
  const text = readFileSync(join(guide, `${name}.md`), 'utf8');
  const body = text.replace(/^---\n[\s\S]*?\n---\n+/, '');
  return { title: /^# (.+)$/m.exec(body)?.[1] ?? name, body };
}
