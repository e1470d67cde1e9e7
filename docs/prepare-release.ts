/**
 * Rejects a release without real addresses in `package.json`, and makes the links of `README.md` absolute. npm runs it before each
 * `npm publish`. It changes `README.md` in the checkout of the release.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAddressProblems, toAbsoluteLinks, type Addresses } from './release-links.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Addresses;

const problems = findAddressProblems(manifest);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else writeFileSync(join(root, 'README.md'), toAbsoluteLinks(read('README.md'), manifest));
