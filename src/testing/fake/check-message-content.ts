import { isRecord } from '../../runtime/json.js';
import { findMessageProblem, type MessageProblem, type MessageRule } from './find-message-problem.js';
import {
  quickReplyIds,
  rulesOfCards,
  rulesOfInteractive,
  rulesOfMediaHeaders,
  rulesOfTextHeader,
  rulesOfTypes,
  textHeaderOnly,
  type MessageRules,
} from './fake-message-rules.js';
import { refuse, type Refusal } from './refusal.js';
import { rulesOfButtonValues, rulesOfComponents, rulesOfValues } from './fake-template-rules.js';
import type { Answer } from './entities.js';

const codes = { missing: 131008, invalid: 131009, 'template-text': 132018 } as const;

/** Checks the content of a message against Meta's published limits. Returns Meta's error for the first limit that it breaks. */
export function refusalOfContent(type: string, fields: Answer): Refusal | undefined {
  const problem = problemOf(type, fields);
  return problem && refuse(codes[problem.kind], problem.details);
}

function problemOf(type: string, fields: Answer): MessageProblem | undefined {
  if (type === 'interactive') return problemOfInteractive(fields);
  if (type === 'template') return problemOfComponents(isRecord(fields.template) ? fields.template.components : undefined);
  return findMessageProblem(fields, rulesIn(rulesOfTypes, type));
}

function problemOfInteractive(fields: Answer): MessageProblem | undefined {
  const { type, header, action, order_details } = isRecord(fields.interactive) ? fields.interactive : {};
  // The older form of orders has all members inside `order_details`.
  if (typeof type !== 'string' || !Object.hasOwn(rulesOfInteractive, type) || order_details !== undefined) return undefined;
  const rules = rulesIn(rulesOfInteractive, type);
  // A header that the type doesn't take at all is reported as such.
  const problem = findMessageProblem(fields, rules);
  if (problem) return problem;
  const headerProblem = isRecord(header) ? problemOfHeader(fields, type, header.type) : undefined;
  if (headerProblem) return headerProblem;
  if (type === 'order_details') return problemOfSums(isRecord(action) ? action.parameters : undefined);
  if (type !== 'carousel') return undefined;
  const cards = isRecord(action) && Array.isArray(action.cards) ? action.cards : [];
  return firstOf(cards, problemOfCard) ?? findMessageProblem(fields, quickReplyIds);
}

function problemOfHeader(fields: Answer, type: string, headerType: unknown): MessageProblem | undefined {
  const mediaRules = typeof headerType === 'string' ? rulesIn(rulesOfMediaHeaders, headerType) : [];
  if (mediaRules.length === 0) return findMessageProblem(fields, rulesOfTextHeader.rules);
  if (textHeaderOnly.has(type)) return { kind: 'invalid', details: `Header type ${String(headerType)} is not supported for ${type}.` };
  return findMessageProblem(fields, mediaRules);
}

function problemOfCard(card: unknown): MessageProblem | undefined {
  const { type, header, action } = isRecord(card) ? card : {};
  if (type === 'product') return findMessageProblem(card, rulesOfCards.product.rules);
  const hasButtons = isRecord(action) && action.buttons !== undefined && action.buttons !== null;
  const isVideo = isRecord(header) && header.type === 'video';
  return (
    findMessageProblem(card, rulesOfCards.media.rules) ??
    findMessageProblem(card, (isVideo ? rulesOfCards.video : rulesOfCards.image).rules) ??
    findMessageProblem(card, (hasButtons ? rulesOfCards.buttons : rulesOfCards.link).rules)
  );
}

/** The subtotal is the sum of all items, and the total is subtotal + tax + shipping - discount. Source: Meta, Orders (Brazil, 21 May 2026). */
function problemOfSums(parameters: unknown): MessageProblem | undefined {
  const { order, total_amount: total } = isRecord(parameters) ? parameters : {};
  if (!isRecord(order)) return undefined;
  const items: readonly unknown[] = Array.isArray(order.items) ? order.items : [];
  const prices = items.map((item) => (isRecord(item) ? valueIn(item.sale_amount ?? item.amount) * Number(item.quantity) : 0));
  if (prices.reduce((sum, price) => sum + price, 0) !== valueIn(order.subtotal)) {
    return { kind: 'invalid', details: 'order.subtotal.value must be the sum of the items.' };
  }
  const sum = valueIn(order.subtotal) + valueIn(order.tax) + valueIn(order.shipping) - valueIn(order.discount);
  return sum === valueIn(total)
    ? undefined
    : { kind: 'invalid', details: 'total_amount.value must be subtotal + tax + shipping - discount.' };
}

function valueIn(amount: unknown): number {
  return isRecord(amount) ? Number(amount.value) : 0;
}

function problemOfComponents(components: unknown): MessageProblem | undefined {
  return Array.isArray(components) ? firstOf(components, problemOfComponent) : undefined;
}

function problemOfComponent(component: unknown): MessageProblem | undefined {
  const typeProblem = findMessageProblem(component, [{ path: 'type', needed: true }]);
  if (typeProblem || !isRecord(component)) return typeProblem;
  const type = wordOf(component.type);
  const problem = findMessageProblem(component, rulesIn(rulesOfComponents, type));
  if (problem) return problem;
  const parameters = Array.isArray(component.parameters) ? component.parameters : [];
  if (type === 'button') return firstOf(parameters, (value) => problemOfTemplateValue(value, rulesOfButtonValues));
  if (type === 'header' || type === 'body') {
    return problemOfNames(parameters) ?? firstOf(parameters, (value) => problemOfTemplateValue(value, rulesOfValues));
  }
  const cards = type === 'carousel' && Array.isArray(component.cards) ? component.cards : [];
  return firstOf(cards, (card) => problemOfComponents(isRecord(card) ? card.components : undefined));
}

/** Either all values have their own name, or none. */
function problemOfNames(parameters: readonly unknown[]): MessageProblem | undefined {
  const areNamed = parameters.some((value) => isRecord(value) && value.parameter_name !== undefined && value.parameter_name !== null);
  if (!areNamed) return undefined;
  return findMessageProblem({ parameters }, [{ path: 'parameters[].parameter_name', needed: true, unique: true }]);
}

function problemOfTemplateValue(value: unknown, table: Readonly<Record<string, MessageRules>>): MessageProblem | undefined {
  const type = isRecord(value) ? wordOf(value.type) : '';
  return findMessageProblem(value, [{ path: 'type', needed: true }, ...rulesIn(table, type)]);
}

/** Meta compares the types of components and values without regard to case. */
function wordOf(type: unknown): string {
  return typeof type === 'string' ? type.toLowerCase() : '';
}

function rulesIn(table: Readonly<Record<string, MessageRules>>, name: string): readonly MessageRule[] {
  return Object.hasOwn(table, name) ? (table[name]?.rules ?? []) : [];
}

function firstOf(items: readonly unknown[], find: (item: unknown) => MessageProblem | undefined): MessageProblem | undefined {
  for (const item of items) {
    const problem = find(item);
    if (problem) return problem;
  }
  return undefined;
}
