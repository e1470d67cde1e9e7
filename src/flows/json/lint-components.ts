import type { JsonPath } from '../../runtime/json-position.js';
import { isRecord } from '../../runtime/json.js';
import { componentRules, isPicker } from './component-rules.js';
import { isDynamic, type FlowFindings } from './flow-finding.js';
import { isBefore, type FlowModel, type FlowNode, type FlowScreenModel } from './flow-model.js';
import { lintItems } from './lint-items.js';

/** Checks each component: required properties, lengths, branches, forms, ranges and files. */
export function lintComponents(model: FlowModel, findings: FlowFindings): void {
  for (const screen of model.screens) {
    const hasForm = screen.nodes.some(({ type }) => type === 'Form');
    for (const node of screen.nodes) {
      lintComponent(node, model.version, findings);
      lintForm(node, hasForm, screen, findings);
      lintBranches(node, model.version, findings);
      lintRanges(node, findings);
      lintItems(node, screen, model.version, findings);
    }
  }
}

function lintComponent({ component, type, path }: FlowNode, version: string, findings: FlowFindings): void {
  const rules = componentRules.get(type);
  if (!rules) {
    if (type === '') findings.add('component', [...path, 'type'], 'is missing');
    else findings.add('component', [...path, 'type'], 'is unknown', 'warning');
    return;
  }
  for (const name of rules.required) {
    if (component[name] === undefined) findings.add('requiredProperty', [...path, name], `is missing. ${type} needs it`);
  }
  for (const name of rules.filled ?? []) {
    const text = component[name];
    if (typeof text === 'string' && text.trim() === '') findings.add('emptyText', [...path, name], 'is empty');
  }
  for (const [name, rule] of Object.entries(rules.lengths ?? {})) {
    const isLargeLabel = name === 'label' && component['label-variant'] === 'large';
    if (!isLargeLabel) for (const [text, own] of textsOf(component[name], [...path, name])) findings.length(rule, own, text);
  }
  if (component['label-variant'] !== undefined && isBefore(version, '7.0')) {
    findings.add('componentVersion', [...path, 'label-variant'], 'needs version 7.0 or later');
  }
  if (component.pattern !== undefined && type === 'TextInput') {
    if (isBefore(version, '6.2')) findings.add('componentVersion', [...path, 'pattern'], 'needs version 6.2 or later');
    if (component['helper-text'] === undefined)
      findings.add('requiredProperty', [...path, 'helper-text'], 'is missing. A pattern needs it');
  }
  if (type === 'Footer') {
    const [left, center, right] = ['left-caption', 'center-caption', 'right-caption'].map((name) => component[name] !== undefined);
    if (left !== right) findings.add('footerCaptions', path, 'needs left-caption and right-caption together');
    if (center === true && (left === true || right === true)) {
      findings.add('footerCaptions', path, 'can have center-caption, or left-caption and right-caption, but not all of them');
    }
  }
}

/** Returns a text, or the texts of a range. A list of texts counts as one text. */
function textsOf(value: unknown, path: JsonPath): readonly (readonly [unknown, JsonPath])[] {
  if (Array.isArray(value)) return [[value.filter((text) => typeof text === 'string').join(''), path]];
  return isRecord(value) ? Object.entries(value).map(([name, text]) => [text, [...path, name]]) : [[value, path]];
}

function lintForm({ component, type, path, parents }: FlowNode, hasForm: boolean, screen: FlowScreenModel, findings: FlowFindings): void {
  const isInput = componentRules.get(type)?.isInput === true;
  const isInForm = parents.includes('Form');
  if (isInput && hasForm && !isInForm) findings.add('form', path, 'is outside of the Form. If a screen has a Form, it contains all inputs');
  for (const name of ['init-value', 'error-message']) {
    if (isInput && isInForm && !isPicker(type) && component[name] !== undefined) {
      findings.add('form', [...path, name], `is possible only outside of a Form. Use ${name}s of the Form`);
    }
  }
  if (type !== 'Form' || !isRecord(component['init-values'])) return;
  for (const name of Object.keys(component['init-values'])) {
    if (isPicker(screen.inputs.get(name)?.type ?? '')) {
      findings.add('fileUpload', [...path, 'init-values', name], 'is the value of a picker, which cannot have an initial value');
    }
  }
}

function lintBranches({ component, type, path, parents }: FlowNode, version: string, findings: FlowFindings): void {
  const parent = parents.at(-1);
  if (parent === 'If' || parent === 'Switch') {
    const fits = componentRules.get(type)?.fitsBranches === true && !(parent === 'Switch' && (type === 'If' || type === 'Switch'));
    if (componentRules.has(type) && !fits) findings.add('component', [...path, 'type'], `is ${type}, which ${parent} cannot contain`);
    if (type === 'ChipsSelector' && isBefore(version, '7.1')) {
      findings.add('componentVersion', [...path, 'type'], `is ChipsSelector, which ${parent} can contain since version 7.1`);
    }
  }
  const ifs = parents.filter((name) => name === 'If').length;
  if (type === 'If')
    findings.most('nestedIfs', path, ifs + 1, (limit) => `is an If in ${String(ifs)} others, but Meta allows ${String(limit)} levels`);
  if (type === 'Footer' && ifs > 1) findings.add('footerBranches', path, 'is in a nested If. Move it to the outer one');
  if (type === 'If') {
    if (Array.isArray(component.then) && component.then.length === 0)
      findings.add('component', [...path, 'then'], 'must contain a component');
    const { condition } = component;
    if (typeof condition === 'string' && !isDynamic(condition)) findings.add('component', [...path, 'condition'], 'needs a reference');
    lintFooters([component.then, component.else ?? []], path, findings);
  }
  if (type === 'Switch' && isRecord(component.cases)) {
    const cases = Object.values(component.cases);
    if (cases.length === 0) findings.add('component', [...path, 'cases'], 'must contain a case');
    lintFooters(cases, path, findings);
  }
}

function lintFooters(branches: readonly unknown[], path: JsonPath, findings: FlowFindings): void {
  const withFooter = branches.filter(
    (branch) => Array.isArray(branch) && branch.some((component) => isRecord(component) && component.type === 'Footer'),
  );
  if (withFooter.length > 0 && withFooter.length < branches.length) {
    findings.add('footerBranches', path, 'has a Footer in one branch, so each branch needs one');
  }
}

const ranges: readonly (readonly [string, string])[] = [
  ['min-chars', 'max-chars'],
  ['min-selected-items', 'max-selected-items'],
  ['min-uploaded-photos', 'max-uploaded-photos'],
  ['min-uploaded-documents', 'max-uploaded-documents'],
  ['min-days', 'max-days'],
  ['min-date', 'max-date'],
];

function lintRanges(node: FlowNode, findings: FlowFindings): void {
  const { component, type, path } = node;
  for (const [least, most] of ranges) {
    const [from, to] = [component[least], component[most]].map((value) =>
      typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
    );
    const areNumbers = typeof from === 'number' && typeof to === 'number';
    const areDates = typeof from === 'string' && typeof to === 'string' && isDate(from) && isDate(to);
    if ((areNumbers || areDates) && from > to) findings.add('valueRange', [...path, least], `is above ${most}`);
  }
  if (type === 'DatePicker' || type === 'CalendarPicker') {
    const days: unknown = component['unavailable-dates'];
    const list: readonly unknown[] = Array.isArray(days) ? days : [];
    const dates: readonly (readonly [unknown, JsonPath])[] = [
      [component['min-date'], [...path, 'min-date']],
      [component['max-date'], [...path, 'max-date']],
      ...list.map((day, index) => [day, [...path, 'unavailable-dates', index]] as const),
    ];
    for (const [day, own] of dates) {
      if (typeof day === 'string' && !isDynamic(day) && !isDate(day))
        findings.add('datePicker', own, "must be a date such as '2026-11-29'");
    }
  }
  if (isPicker(type)) lintPicker(node, findings);
}

function lintPicker({ component, type, path }: FlowNode, findings: FlowFindings): void {
  const size = component['max-file-size-kb'];
  if (typeof size === 'number') {
    if (size < 1) findings.add('fileUpload', [...path, 'max-file-size-kb'], 'must be at least 1');
    findings.most('maxFileSizeKib', [...path, 'max-file-size-kb'], size, (limit) => `is ${String(size)}, but Meta allows ${String(limit)}`);
  }
  const files = type === 'PhotoPicker' ? 'photos' : 'documents';
  for (const name of [`min-uploaded-${files}`, `max-uploaded-${files}`]) {
    const count = component[name];
    if (typeof count === 'number') {
      findings.most('uploadedFiles', [...path, name], count, (limit) => `is ${String(count)}, but Meta allows ${String(limit)}`);
    }
  }
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
