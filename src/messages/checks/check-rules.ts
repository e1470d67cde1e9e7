import { valueOn, type MessageRules, type PartRule } from '../../policy/message-rules.js';
import { checkUnique, Part } from './part.js';

/**
 * Checks the parts of a message against the rules of a day, in the order of the rules.
 *
 * @throws `InvalidMessageError`
 */
export function checkRules(root: Part, rules: MessageRules | undefined, day: string): void {
  for (const rule of rules ? valueOn(rules, day) : []) {
    const parts = partsAt([root], rule.path.split('.'));
    for (const part of parts) checkPart(part, rule, parts.length);
    if (rule.unique) checkUnique(parts);
    if (rule.total) checkTotal(parts, ...rule.total);
  }
}

/** Rejects the sections if their lists have too many items in total. */
function checkTotal(lists: readonly Part[], most: number, name: string): void {
  const total = lists.flatMap((list) => list.list()).length;
  const sections = new Part(undefined, lists[0]?.path.replace(/\[\d+\]\.\w+$/, ''));
  if (total > most) sections.reject(`have ${String(total)} ${name} in total, but Meta allows ${String(most)}`, most);
}

function checkPart(part: Part, rule: PartRule, count: number): void {
  const { needed, most, lineBreaks, url, items, whole, either, oneOf } = rule;
  if (needed === 'never') part.notAllowed('is not allowed in this message');
  if (needed === 'always' || (needed === 'if-several' && count > 1)) part.needed();
  if (most !== undefined) {
    part.atMost(most);
    if (/^\s+$/.test(part.text())) part.reject('contains only spaces');
  }
  if (url) part.webAddress();
  if (lineBreaks !== undefined && part.text().split(/\r\n?|\n/).length > lineBreaks + 1) {
    part.reject(`has more than ${String(lineBreaks)} line breaks`, lineBreaks);
  }
  if (items) part.items(...items);
  if (whole) part.whole(...whole);
  if (either) part.exactlyOne(...either);
  if (oneOf) part.oneOf(...oneOf);
}

function partsAt(parts: readonly Part[], steps: readonly string[]): readonly Part[] {
  const [step, ...rest] = steps;
  if (step === undefined) return parts;
  const members = parts.map((part) => part.at(step.replace(/\W+$/, '')));
  if (step.endsWith('?'))
    return partsAt(
      members.filter((member) => member.isThere),
      rest,
    );
  return partsAt(step.endsWith('[]') ? members.flatMap((member) => member.list()) : members, rest);
}
