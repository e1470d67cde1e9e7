import { isRecord } from '../../runtime/json.js';
import type { JsonPath } from '../../runtime/json-position.js';
import type { FlowFindings } from './flow-finding.js';
import type { FlowModel, FlowScreenModel } from './flow-model.js';

/** Properties that contain components or actions, whose references are checked separately. */
const nested = ['children', 'then', 'else', 'cases'];

/** The type that a property needs if its whole value is a reference. */
const typeOfProperty: Readonly<Record<string, string>> = {
  visible: 'boolean',
  enabled: 'boolean',
  required: 'boolean',
  'data-source': 'array',
  'list-items': 'array',
  images: 'array',
};

/** Checks references to data and inputs: `${data.x}`, `${form.x}` and `${screen.ID.form.x}`. */
export function lintReferences(model: FlowModel, findings: FlowFindings): void {
  for (const screen of model.screens) {
    visit(screen.screen.title, [...screen.path, 'title'], screen, model, findings);
    for (const { component, type, path } of screen.nodes) {
      for (const [name, value] of Object.entries(component)) {
        const isContainer = nested.includes(name) && ['Form', 'If', 'Switch'].includes(type);
        if (isContainer) continue;
        visit(value, [...path, name], screen, model, findings);
        lintType(name, value, [...path, name], screen, findings);
      }
    }
  }
}

function visit(value: unknown, path: JsonPath, screen: FlowScreenModel, model: FlowModel, findings: FlowFindings): void {
  if (path.length > 64) return;
  if (typeof value === 'string') {
    for (const [, reference = ''] of value.matchAll(/\$\{([^{}]*)\}/g)) {
      const problem = describeProblem(reference.trim(), screen, model);
      if (problem !== undefined) findings.add('reference', path, `refers to \${${reference}}, but ${problem}`);
    }
  } else if (Array.isArray(value)) {
    value.forEach((element, index) => {
      visit(element, [...path, index], screen, model, findings);
    });
  } else if (isRecord(value)) {
    for (const [name, content] of Object.entries(value)) visit(content, [...path, name], screen, model, findings);
  }
}

function describeProblem(reference: string, screen: FlowScreenModel, model: FlowModel): string | undefined {
  const [root, ...names] = reference.split('.');
  if (root === 'data' || root === 'form') return describeMissing(root, names, screen);
  if (root !== 'screen') return 'a reference starts with data, form or screen';
  const [id = '', storage, ...rest] = names;
  const other = model.byId.get(id);
  if (!other) return `there is no screen ${id === '' ? 'without a name' : id}`;
  if (storage !== 'data' && storage !== 'form') return `${id} has only data and form`;
  if (other.id === screen.id) return `${id} is the screen itself. Write \${${[storage, ...rest].join('.')}}`;
  return describeMissing(storage, rest, other);
}

function describeMissing(storage: 'data' | 'form', names: readonly string[], { id, data, inputs }: FlowScreenModel): string | undefined {
  const [name = '', ...members] = names;
  if (name === '') return `the name after ${storage} is missing`;
  if (storage === 'form') return inputs.has(name) ? undefined : `${id} has no input ${name}`;
  if (!Object.hasOwn(data, name)) return `the data of ${id} doesn't declare ${name}`;
  let field: unknown = data[name];
  for (const member of members) {
    if (!isRecord(field)) return undefined;
    if (field.type === 'array') return `${name} is a list`;
    if (!isRecord(field.properties)) return undefined;
    if (!Object.hasOwn(field.properties, member)) return `${name} of ${id} doesn't declare ${member}`;
    field = field.properties[member];
  }
  return undefined;
}

function lintType(name: string, value: unknown, path: JsonPath, { data }: FlowScreenModel, findings: FlowFindings): void {
  const wanted = Object.hasOwn(typeOfProperty, name) ? typeOfProperty[name] : undefined;
  const [, field] = typeof value === 'string' ? (/^\$\{data\.([^}.]+)\}$/.exec(value) ?? []) : [];
  if (wanted === undefined || field === undefined || !Object.hasOwn(data, field)) return;
  const declared = data[field];
  if (isRecord(declared) && typeof declared.type === 'string' && declared.type !== wanted) {
    findings.add('reference', path, `needs the type ${wanted}, but ${field} is declared as ${declared.type}`);
  }
}
