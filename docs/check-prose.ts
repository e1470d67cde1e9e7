/**
 * Checks the prose of the README, the guide and CONTRIBUTING: the length of sentences, words that the project doesn't use, and links to the
 * next topics. Run by `npm run docs`. It doesn't replace reading: it finds pages that drift away from plain English.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Words per sentence on average, and occurrences per 1,000 words, that a page may have. */
const maxSentenceWords = 17;
const maxUnusualWords = 16;
/** Shorter pages have too few words for an average. */
const minWords = 250;

/** Patterns that make a sentence hard to read, and the word to use instead. */
const unusual: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/^What /gm, 'name the subject'],
  [/^(?:Who|Whoever|Whatever|Where) /gm, 'name the subject, or use "if" and "when"'],
  [/[;:,] (?:what|whoever|whatever) /g, 'name the subject'],
  [/\b(?:nobody|nothing|none|neither)\b/gi, '"doesn\'t" or "can\'t"'],
  [/\b(?:somebody|anybody|a person|people)\b/gi, 'the user, the customer, your team'],
  [/\b(?:tells?|told|telling)\b/gi, 'report, emit, return, log'],
  [/\b(?:holds?|held|keeps?|kept)\b/gi, 'store, contain, delay, limit'],
  [/\b(?:comes?|came|goes|went)\b/gi, 'arrive, be sent'],
  [/\b(?:stands?|stood)\b/gi, 'be, stay'],
  [/\brefus(?:es?|ed|al)\b/gi, 'reject, error'],
  [/\b(?:at once|by itself|of its own accord|under way|beside)\b/gi, 'immediately, automatically, in progress, next to'],
];

/** Returns the paragraphs and list items of a page, without front matter, code, tables and headings. */
function readProse(text: string): string {
  return text
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/```[\s\S]*?```/g, '')
    .replace(/^(?:#|\||:::|!\[).*$/gm, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`[^`]*`/g, 'code')
    .replace(/^\s*(?:[-*]|\d+\.) /gm, '')
    .replace(/[*_]/g, '');
}

const problems: string[] = [];
for (const file of ['README.md', 'CONTRIBUTING.md', ...globSync('docs/guide/*.md', { cwd: root }).sort()]) {
  const text = readFileSync(join(root, file), 'utf8');
  const prose = readProse(text);
  const words = prose.split(/\s+/).filter(Boolean).length;
  const sentences = prose.split(/[.!?](?:\s|$)|\n{2,}|:\n/).filter((sentence) => /\w/.test(sentence)).length;
  if (file.startsWith('docs/') && !/\]\((?:\.\/)?[\w-]+\.md/.test(text)) problems.push(`${file}: link to the next topics`);
  if (words < minWords) continue;
  if (words / sentences > maxSentenceWords)
    problems.push(`${file}: ${(words / sentences).toFixed(1)} words per sentence, at most ${String(maxSentenceWords)}`);
  const found = unusual.flatMap(([pattern, instead]) => [...prose.matchAll(pattern)].map(([match]) => `"${match.trim()}" (${instead})`));
  const share = (found.length * 1_000) / words;
  if (share > maxUnusualWords)
    problems.push(`${file}: ${share.toFixed(1)} unusual words per 1,000, at most ${String(maxUnusualWords)}: ${found.join(', ')}`);
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}
