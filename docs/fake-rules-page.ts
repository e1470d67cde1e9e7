import { mediaRules } from '../src/testing/fake/fake-media-rules.ts';
import type { MessageRule } from '../src/testing/fake/find-message-problem.ts';
import {
  rulesOfCards,
  rulesOfInteractive,
  rulesOfMediaHeaders,
  rulesOfTextHeader,
  rulesOfTypes,
  type MessageRules,
} from '../src/testing/fake/fake-message-rules.ts';
import { rulesOfButtonValues, rulesOfComponents, rulesOfValues } from '../src/testing/fake/fake-template-rules.ts';
import { templateMessageRules } from '../src/testing/fake/templates/template-message-rules.ts';
import { fakeOperations, strictnessTexts } from './fake-operations.ts';

const introduction = `---
title: Rules of the fake Cloud API
---

# Rules of the fake Cloud API

This page lists every operation and every content rule of the fake in \`wa-coexist/testing\`, with the source, its date and how strict the fake is. The fake has its own tables and doesn't use the checks of the client. [What the fake Cloud API enforces](fake-cloud-api.md) lists the rules about time, limits and prices.

## Spelling of parameters

The fake reads parameters as Graph does. These spellings of a value give the same result:

| type | spellings |
| --- | --- |
| text | \`"15550100987"\`, \`15550100987\` |
| number | \`25\`, \`"25"\` |
| flag | \`true\`, \`"true"\`, \`1\`, \`"1"\` |
| enum | \`MARKETING\`, \`marketing\` |
| list | \`["A","B"]\`, the JSON of it, \`A,B\`, \`name[]=A&name[]=B\`, \`name[0]=A\` |
| object | \`{"body":"Hi"}\`, the JSON of it, \`text[body]=Hi\` |

Parameters can be in the query, in JSON, or in a form. \`fields\` selects fields, sub-fields and edges: \`fields=name,phone_numbers.limit(5){id,verified_name}\`.

`;

const end = `
## Read more

- [What the fake Cloud API enforces](fake-cloud-api.md)
- [Testing your integration](testing.md)
- [Emulator](emulator.md)
- [Error codes](error-codes.md)
- [Templates](templates.md)
`;

const enforced = 'checked';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What a rule says, with its code. */
function textsOf(rule: MessageRule): readonly (readonly [text: string, code: number])[] {
  const place = `\`${rule.path}\``;
  const { count, whole, either, maxTotal, maxLength, maxLineBreaks, oneOf } = rule;
  const most = (max: number): string =>
    Number.isFinite(max) && max < Number.MAX_SAFE_INTEGER ? `to ${max.toLocaleString('en')}` : 'or more';
  const all: readonly (readonly [text: string | undefined | false, code: number])[] = [
    [rule.needed && `${place} is required`, 131008],
    [rule.neededIfSeveral && `${place} is required if there are several`, 131008],
    [rule.forbidden && `${place} is not allowed`, 131009],
    [maxLength !== undefined && `${place} has at most ${maxLength.toLocaleString('en')} characters`, 131009],
    [maxLineBreaks !== undefined && `${place} has at most ${String(maxLineBreaks)} line breaks`, 131009],
    [oneOf && `${place} is ${oneOf.map((word) => `\`${word}\``).join(' or ')}`, 131009],
    [count && `${place} has ${String(count[0])} ${most(count[1])} items`, 131009],
    [maxTotal !== undefined && `${place} has at most ${String(maxTotal)} items in total`, 131009],
    [whole && `${place} is a whole number, ${String(whole[0])} ${most(whole[1])}`, 131009],
    [either && `${place} has either \`${either[0]}\` or \`${either[1]}\``, 131009],
    [rule.unique && `${place} is unique`, 131009],
    [rule.alike && `all ${place} have the same structure`, 131009],
    [rule.string && `${place} is a string`, 131009],
    [rule.oneLine && `${place} has no line break, tab or more than 4 spaces in a row`, 132018],
  ];
  return all.flatMap(([text, code]) => (typeof text === 'string' ? [[text, code] as const] : []));
}

function ruleRows(tables: Readonly<Record<string, MessageRules>>, prefix = ''): readonly (readonly string[])[] {
  return Object.entries(tables).flatMap(([name, { source, rules }]) => {
    const [, page = source, date = ''] = /^(.*) \(([^()]*)\)$/.exec(source) ?? [];
    return rules.flatMap((rule) => textsOf(rule).map(([text, code]) => [`${prefix}${name}`, text, String(code), page, date, enforced]));
  });
}

/** The page about the operations and rules of the fake. */
export function fakeRules(): string {
  const head = ['content', 'rule', 'code', 'source', 'date', 'strictness'];
  const operations = fakeOperations.map(({ operation, source, date, strictness }) => [`\`${operation}\``, source, date, strictness]);
  const meanings = Object.entries(strictnessTexts).map(([strictness, text]) => `- **${strictness}**: ${text}`);
  const templates = Object.values(templateMessageRules).map(({ rule, code, source, date, strictness }) => [
    rule,
    String(code),
    source,
    date,
    strictness,
  ]);
  const media = Object.entries(mediaRules).map(([type, { types, maxBytes, maxUploadBytes }]) => [
    type,
    types.map((mime) => `\`${mime}\``).join(', '),
    maxUploadBytes.toLocaleString('en'),
    maxBytes.toLocaleString('en'),
    'Meta, Media',
    '2 Dec 2025',
    enforced,
  ]);
  const headers = { 'header with text': rulesOfTextHeader };
  return [
    introduction,
    `## Operations\n\n${meanings.join('\n')}\n\n${table(['operation', 'source', 'date', 'strictness'], operations)}\n`,
    `\n## Template messages and their template\n\nThe fake compares each template message with the stored template.\n\n${table(['rule', 'code', 'source', 'date', 'strictness'], templates)}\n`,
    `\n## Media\n\nAn upload of another type has code 100. A file that doesn't suit the message fails with 131053 in a status webhook.\n\n${table(['message', 'types', 'bytes at upload', 'bytes when sent', 'source', 'date', 'strictness'], media)}\n`,
    `\n## Messages\n\n${table(head, [...ruleRows(rulesOfTypes), ...ruleRows(rulesOfInteractive, 'interactive '), ...ruleRows(headers), ...ruleRows(rulesOfMediaHeaders, 'header with '), ...ruleRows(rulesOfCards, 'card: ')])}\n`,
    `\n## Components of template messages\n\n${table(head, [...ruleRows(rulesOfComponents), ...ruleRows(rulesOfValues, 'value: '), ...ruleRows(rulesOfButtonValues, 'button value: ')])}\n`,
    end,
  ].join('');
}
