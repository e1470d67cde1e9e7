import type { TemplateDefinition } from '../../messages/template/known-template.js';
import { shapeOf } from '../../messages/template/template-shape.js';
import { isRecord } from '../../runtime/json.js';

/** A template of a module: its definition and the name of its export. */
export interface NamedDefinition {
  readonly exportName: string;
  readonly definition: TemplateDefinition;
}

/** A template as an account or a file contains it. */
interface PulledTemplate {
  readonly name: string;
  readonly language: string;
  readonly category: string | undefined;
  readonly parameter_format: string | undefined;
  readonly components: readonly Component[];
}

type Component = { readonly type: string; readonly [field: string]: unknown };

/** Statuses of templates that can't be sent any more. */
const gone: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  'REJECTED',
  'DELETED',
  'PENDING_DELETION',
  'DISABLED',
  'ARCHIVED',
  'LIMIT_EXCEEDED',
]);

/**
 * Groups the templates of an account into definitions. Languages with the same variables, files and buttons share one.
 * The order and the names depend only on the templates, so that an unchanged account makes an unchanged module.
 */
export function toDefinitions(templates: readonly unknown[]): readonly NamedDefinition[] {
  const pulled = templates.filter(isRecord).flatMap((template) => readTemplate(template) ?? []);
  const order = (one: PulledTemplate): string => `${one.name}\n${one.language}`;
  const sorted = pulled.toSorted((one, other) => compare(order(one), order(other)));
  const groups = new Map<string, PulledTemplate[]>();
  for (const template of sorted) {
    const key = JSON.stringify([template.name, template.category, template.parameter_format, shapeOf(template)]);
    const group = groups.get(key);
    if (group) group.push(template);
    else groups.set(key, [template]);
  }
  const used = new Set<string>();
  const names = new Set<string>();
  return [...groups.values()].map((group) => {
    const [first] = group as [PulledTemplate, ...PulledTemplate[]];
    // Languages with other variables need a separate definition.
    const base = exportNameOf(names.has(first.name) ? `${first.name}_${first.language}` : first.name);
    names.add(first.name);
    return { exportName: unused(base, used), definition: toDefinition(group) };
  });
}

function toDefinition(group: readonly PulledTemplate[]): TemplateDefinition {
  const [first, ...others] = group as [PulledTemplate, ...PulledTemplate[]];
  return {
    name: first.name,
    language: others.length === 0 ? first.language : group.map(({ language }) => language),
    ...(first.category !== undefined && { category: first.category }),
    ...(first.parameter_format !== undefined && { parameter_format: first.parameter_format }),
    components: first.components,
    ...(others.length > 0 && { translations: Object.fromEntries(others.map(({ language, components }) => [language, components])) }),
  };
}

function readTemplate({ name, language, status, category, parameter_format: format, components }: Readonly<Record<string, unknown>>) {
  if (typeof name !== 'string' || typeof language !== 'string' || gone.has(status)) return undefined;
  const parts = Array.isArray(components) ? components.map(withoutExamples).filter(isComponent) : [];
  const template: PulledTemplate = { name, language, category: textOf(category), parameter_format: textOf(format), components: parts };
  return template;
}

function isComponent(value: unknown): value is Component {
  return isRecord(value) && typeof value.type === 'string';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Samples are for Meta's reviewers. The URLs of files change with each request. */
function withoutExamples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'example')
      .map(([name, content]) => [name, withoutExamples(content)]),
  );
}

/** Compares by code units, which is the same on every machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const reserved: ReadonlySet<string> = /* @__PURE__ */ new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements
  import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void
  while with yield arguments eval undefined NaN Infinity`.split(/\s+/),
);

/** Writes a name in camel case, as a valid name of an export. */
function exportNameOf(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const [first = 'template', ...others] = words;
  const camel =
    first.charAt(0).toLowerCase() + first.slice(1) + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  if (reserved.has(camel)) return `${camel}Template`;
  return /^\d/.test(camel) ? `template${camel}` : camel;
}

function unused(name: string, used: Set<string>): string {
  let free = name;
  for (let number = 2; used.has(free); number += 1) free = `${name}_${String(number)}`;
  used.add(free);
  return free;
}
