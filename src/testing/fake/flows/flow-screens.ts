import { isRecord } from '../../../runtime/json.js';

type Wire = Readonly<Record<string, unknown>>;

/** What references on a screen lead to. */
export interface FlowScope {
  readonly data: Wire;
  readonly form: Wire;
  /** Data and inputs of all screens that the customer has seen. */
  readonly seen: ReadonlyMap<string, { readonly data: Wire; readonly form: Wire }>;
}

/** Replaces references in a value. A text that is one reference becomes its value, even if that is no text. */
export function resolve(value: unknown, scope: FlowScope, depth = 0): unknown {
  if (typeof value === 'string') {
    const only = /^\$\{([^}]+)\}$/.exec(value)?.[1];
    if (only !== undefined) return lookUp(only, scope);
    return value.replaceAll(/\$\{([^}]+)\}/g, (_match, reference: string) => toText(lookUp(reference, scope)));
  }
  if (depth > 16) return value;
  if (Array.isArray(value)) return value.map((element) => resolve(element, scope, depth + 1));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, content]) => [name, resolve(content, scope, depth + 1)]));
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function lookUp(reference: string, { data, form, seen }: FlowScope): unknown {
  const [root, ...names] = reference.trim().split('.');
  if (root === 'data') return member(data, names);
  if (root === 'form') return member(form, names);
  const [screen = '', storage, ...rest] = names;
  const other = seen.get(screen);
  return other && (storage === 'data' || storage === 'form') ? member(other[storage], rest) : undefined;
}

function member(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>((found, name) => (isRecord(found) && Object.hasOwn(found, name) ? found[name] : undefined), value);
}

/** The components that the customer sees: those in forms and in the branches that apply. */
export function visibleComponents(children: unknown, scope: FlowScope, depth = 0): readonly Wire[] {
  if (!Array.isArray(children) || depth > 16) return [];
  const list: readonly unknown[] = children;
  return list.filter(isRecord).flatMap((component) => {
    if (component.visible !== undefined && resolve(component.visible, scope) === false) return [];
    switch (component.type) {
      case 'Form':
        return visibleComponents(component.children, scope, depth + 1);
      case 'If':
        return visibleComponents(holds(String(component.condition), scope) ? component.then : component.else, scope, depth + 1);
      case 'Switch': {
        const { cases, value } = component;
        return visibleComponents(member(cases, [String(resolve(value, scope))]), scope, depth + 1);
      }
      default:
        return [component];
    }
  });
}

/** Evaluates a condition without parentheses: references, literals, comparisons, `!`, `&&` and `||`. */
function holds(condition: string, scope: FlowScope): boolean {
  return condition.split('||').some((all) => all.split('&&').every((term) => termHolds(term.trim(), scope)));
}

function termHolds(term: string, scope: FlowScope): boolean {
  const comparison = /^(.+?)\s*(==|!=|>=|<=|>|<)\s*(.+)$/.exec(term);
  if (!comparison) return term.startsWith('!') ? !isTrue(operand(term.slice(1), scope)) : isTrue(operand(term, scope));
  const [, one = '', operator, other = ''] = comparison;
  const [left, right] = [operand(one, scope), operand(other, scope)];
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const [low, high] = [Number(left), Number(right)];
  if (operator === '>') return low > high;
  if (operator === '<') return low < high;
  return operator === '>=' ? low >= high : low <= high;
}

function isTrue(value: unknown): boolean {
  return value === true;
}

function operand(text: string, scope: FlowScope): unknown {
  const trimmed = text.trim();
  const quoted = /^'([^]*)'$/.exec(trimmed)?.[1];
  if (quoted !== undefined) return quoted;
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  if (/^-?\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  // An input without a value is an empty text.
  return resolve(trimmed, scope) ?? '';
}
