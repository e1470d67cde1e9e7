import { areNumbered, upperCase, variableNames } from '../../messages/template/template-shape.js';
import { isRecord } from '../../runtime/json.js';
import type { Findings } from './findings.js';

type Wire = Readonly<Record<string, unknown>>;

/** Emoji, flags and keycaps, but not signs that fonts show as text: ©, ®, ™, ‼, ⁉, ℹ and arrows. */
const emoji = /(?![©®™‼⁉ℹ\u2194-\u21aa])\p{Extended_Pictographic}|\p{Regional_Indicator}|[\u20e3\ufe0f]/u;
/** Emphasis with `_` begins and ends at the edge of a word, so names such as `order_id_2` have none. */
const formatting = /[*~`]|(?<![\p{L}\p{N}_])_[^_\s](?:[^_]*[^_\s])?_(?![\p{L}\p{N}_])/u;
const lineBreak = /[\n\r\v\f\u0085\u2028\u2029]/;
/** Characters next to a variable that customers don't see: formatting, spaces, and marks such as a zero-width space. */
const invisible = /[*_~`\s\p{Cf}]+/u;
const upload = 'Upload the sample with uploadTemplateSample, and pass the handle that it returns';

/** Checks the header of a template or of a card. */
export function lintHeader(header: Wire, path: string, format: string | undefined, findings: Findings): void {
  switch (upperCase(header.format)) {
    case 'TEXT': {
      const { text } = header;
      if (typeof text !== 'string' || text.trim() === '') {
        findings.add('components', `${path}.text`, 'is missing');
        return;
      }
      lintVariables(text, `${path}.text`, format, findings);
      const names = variableNames(text);
      findings.most(
        'headerVariables',
        `${path}.text`,
        names.length,
        (limit) => `has ${String(names.length)} variables, but Meta allows ${String(limit)}`,
      );
      findings.length('headerLength', `${path}.text`, text);
      const plain = text.replace(/\{\{[^{}]*\}\}/g, '');
      if (hasLineBreak(plain)) findings.add('plainHeader', `${path}.text`, 'contains a line break, which headers cannot have');
      for (const content of styledContent(plain))
        findings.add('plainHeader', `${path}.text`, `contains ${content}, which headers cannot have`);
      lintExamples(header.example, 'header_text', names, path, findings);
      return;
    }
    case 'IMAGE':
    case 'VIDEO':
    case 'GIF':
    case 'DOCUMENT':
      lintHandle(header.example, `${path}.example`, findings);
      return;
    case '':
      findings.add('components', `${path}.format`, 'is missing: TEXT, IMAGE, VIDEO, GIF, DOCUMENT, LOCATION or PRODUCT');
  }
}

/** Checks the text, the variables and the examples of a body. */
export function lintBody(body: Wire, path: string, format: string | undefined, lengthRule: BodyLength, findings: Findings): void {
  const { text } = body;
  if (typeof text !== 'string' || text.trim() === '') {
    findings.add('components', `${path}.text`, 'is missing');
    return;
  }
  const at = `${path}.text`;
  lintVariables(text, at, format, findings);
  findings.length(lengthRule, at, text);
  lintEdges(text, at, findings);
  const names = variableNames(text);
  lintRatio(text, names.length, at, findings);
  lintExamples(body.example, 'body_text', names, path, findings);
}

/** Returns the kinds of content in a text that aren't plain: emoji and formatting. */
export function styledContent(text: string): readonly string[] {
  return [...(emoji.test(text) ? ['an emoji'] : []), ...(formatting.test(text) ? ['formatting characters'] : [])];
}

/** Returns whether a text has more than one line. */
export function hasLineBreak(text: string): boolean {
  return lineBreak.test(text);
}

/**
 * Checks that text surrounds each variable. If there are only invisible characters or formatting, it reports a warning.
 */
function lintEdges(text: string, path: string, findings: Findings): void {
  const trimmed = text.trim();
  const start = new RegExp(`^${invisible.source}\\{\\{`, 'u').test(trimmed);
  const end = new RegExp(`\\}\\}${invisible.source}$`, 'u').test(trimmed);
  const between = new RegExp(`\\}\\}${invisible.source}\\{\\{`, 'u').test(trimmed);
  const only = 'only formatting or invisible characters';
  if (trimmed.startsWith('{{')) findings.add('variableAtEdge', path, 'starts with a variable. Add text before it');
  else if (start) findings.add('variableAtEdge', path, `has ${only} before its first variable. Add text before it`, 'warning');
  if (trimmed.endsWith('}}')) findings.add('variableAtEdge', path, 'ends with a variable. Add text after it');
  else if (end) findings.add('variableAtEdge', path, `has ${only} after its last variable. Add text after it`, 'warning');
  if (/\}\}\s*\{\{/.test(text))
    findings.add('adjacentVariables', path, 'has two variables without text between them. Add text, or use one variable');
  else if (between) findings.add('adjacentVariables', path, `has ${only} between two variables. Add text, or use one variable`, 'warning');
}

type BodyLength = 'bodyLength' | 'offerBodyLength' | 'cardBodyLength';

function lintRatio(text: string, variables: number, path: string, findings: Findings): void {
  if (variables === 0) return;
  const words = text
    .replace(/\{\{[^{}]*\}\}/g, ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  const needed = findings.limit('wordsPerVariable') * variables + 1;
  // In scripts without spaces between words, words can't be counted.
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u.test(text)) return;
  findings.least(
    'wordsPerVariable',
    path,
    (words - 1) / variables,
    () =>
      `has ${String(words)} words for ${String(variables)} variables, but Meta expects at least ${String(needed)}. Add text or remove variables`,
    'warning',
  );
}

/** Checks the spelling, the order and the format of variables. */
export function lintVariables(text: string, path: string, format: string | undefined, findings: Findings): void {
  const names = variableNames(text);
  const named = names.find((name) => !/^\d+$/.test(name));
  if (format === 'POSITIONAL' && named !== undefined) {
    findings.add('parameterFormat', 'parameter_format', `must be 'NAMED', because ${path} contains the named variable {{${named}}}`);
  }
  if (format === 'NAMED' && names.some((name) => /^\d+$/.test(name))) {
    const hint = 'Give each variable a name, for example {{first_name}}';
    findings.add('parameterFormat', path, `contains a numbered variable, but parameter_format is 'NAMED'. ${hint}`);
  }
  const invalid = names.find((name) => !/^[a-z0-9_]+$/.test(name));
  if (invalid !== undefined) findings.add('variableSyntax', path, `contains the variable {{${invalid}}}. Names have only a-z, 0-9 and _`);
  const rest = text.replace(/\{\{[^{}]*\}\}/g, '\0');
  if (/\{\{|\}\}|\{\0|\0\}/.test(rest)) {
    findings.add('variableSyntax', path, 'contains a variable without two braces on both sides');
  } else if (/\{\s*\w+\s*\}/.test(rest)) {
    // The braces may be meant as text.
    findings.add('variableSyntax', path, 'contains a word in single braces. Write variables with two braces: {{1}}', 'warning');
  }
  if (named === undefined && !names.every((_name, index) => names.includes(String(index + 1)))) {
    findings.add('variableOrder', path, `must number its variables from {{1}} to {{${String(names.length)}}} without gaps`);
  }
}

function lintExamples(
  example: unknown,
  field: 'header_text' | 'body_text',
  names: readonly string[],
  path: string,
  findings: Findings,
): void {
  if (names.length === 0) return;
  const given = isRecord(example) ? example : {};
  if (!areNumbered(names)) {
    const samples: readonly unknown[] = Array.isArray(given[`${field}_named_params`]) ? (given[`${field}_named_params`] as unknown[]) : [];
    const at = `${path}.example.${field}_named_params`;
    const known = new Map(samples.filter(isRecord).map((sample) => [sample.param_name, sample.example]));
    const missing = names.find((name) => !isSample(known.get(name)));
    if (missing !== undefined)
      findings.add('examples', at, `needs an example for {{${missing}}}: { param_name: '${missing}', example: '…' }`);
    const extra = [...known.keys()].find((name) => !names.includes(String(name)));
    if (extra !== undefined) findings.add('examples', at, `has an example for ${JSON.stringify(extra)}, which the text does not contain`);
    return;
  }
  const list: unknown = given[field];
  // Meta expects a list of lists for bodies, and a list for headers.
  const samples: unknown = field === 'body_text' && Array.isArray(list) ? list[0] : list;
  const count = Array.isArray(samples) && samples.every(isSample) ? samples.length : 0;
  if (count === names.length) return;
  const shape = field === 'body_text' ? `[[${names.map(() => "'…'").join(', ')}]]` : "['…']";
  findings.add('examples', `${path}.example.${field}`, `needs one example for each of the ${String(names.length)} variables: ${shape}`);
}

function isSample(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function lintHandle(example: unknown, path: string, findings: Findings): void {
  const handles: unknown = isRecord(example) ? example.header_handle : undefined;
  const list: readonly unknown[] = Array.isArray(handles) ? handles : [handles];
  for (const handle of list.length === 0 ? [undefined] : list) {
    if (typeof handle !== 'string' || handle.trim() === '') {
      findings.add('headerHandle', path, `needs header_handle with a sample of the file. ${upload}`);
    } else if (/^[a-z][a-z0-9+.-]*:\/\//i.test(handle)) {
      findings.add('headerHandle', `${path}.header_handle`, `is a URL, which Meta rejects. ${upload}`);
    } else if (/^\d+$/.test(handle)) {
      findings.add('headerHandle', `${path}.header_handle`, `is a media ID, which Meta rejects. ${upload}`);
    }
  }
}
