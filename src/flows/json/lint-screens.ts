import type { FlowLimits } from '../../policy/flow-rules.js';
import { isRecord } from '../../runtime/json.js';
import { componentRules, isPicker } from './component-rules.js';
import type { FlowFindings } from './flow-finding.js';
import { branchesOf, isBefore, type FlowModel, type FlowScreenModel } from './flow-model.js';

const screenProperties = ['id', 'title', 'terminal', 'success', 'refresh_on_back', 'data', 'sensitive', 'layout'];

/** Checks the screens: IDs, layouts, data, terminal screens, and the number of components. */
export function lintScreens(model: FlowModel, findings: FlowFindings): void {
  const { screens } = model;
  findings.most(
    'screens',
    ['screens'],
    screens.length,
    (limit) => `has ${String(screens.length)} screens, but Meta allows ${String(limit)}`,
  );
  const seen = new Set<string>();
  for (const screen of screens) {
    lintId(screen, seen, findings);
    lintLayout(screen, findings);
    lintData(screen, findings);
    lintCounts(screen, findings);
    lintTerminal(screen, findings);
    lintNames(screen, findings);
    if (screen.screen.refresh_on_back === true && !model.hasEndpoint) {
      findings.add('dataApiVersion', [...screen.path, 'refresh_on_back'], 'needs data_api_version, because it calls the endpoint');
    }
    if (screen.nodes.some(({ type }) => type === 'RichText') && screen.nodes.length > 1 && isBefore(model.version, '6.3')) {
      findings.add('component', [...screen.path, 'layout', 'children'], 'combines RichText with other components, which needs version 6.3');
    }
  }
  const terminals = screens.filter(({ isTerminal }) => isTerminal);
  if (screens.length > 0 && terminals.length === 0) findings.add('terminalScreen', ['screens'], 'has no terminal screen');
  if (terminals.length > 0 && terminals.every(({ screen }) => screen.success === false)) {
    findings.add('terminalScreen', ['screens'], 'has no terminal screen whose success is true');
  }
  const carousels = screens.flatMap(({ nodes }) => nodes.filter(({ type }) => type === 'ImageCarousel')).length;
  findings.most(
    'carouselsPerFlow',
    ['screens'],
    carousels,
    (limit) => `has ${String(carousels)} image carousels, but Meta allows ${String(limit)} in a Flow`,
  );
}

function lintId({ id, path }: FlowScreenModel, seen: Set<string>, findings: FlowFindings): void {
  if (id === '') findings.add('screenId', [...path, 'id'], 'is missing');
  else if (!/^[A-Za-z_]+$/.test(id)) findings.add('screenId', [...path, 'id'], 'must have only letters and underscores');
  if (id.toUpperCase() === 'SUCCESS') findings.add('screenId', [...path, 'id'], 'is SUCCESS, which Meta reserves for the end of the Flow');
  if (id !== '' && seen.has(id)) findings.add('uniqueName', [...path, 'id'], `is ${id}, as that of an earlier screen`);
  seen.add(id);
}

function lintLayout({ screen, path }: FlowScreenModel, findings: FlowFindings): void {
  for (const name of Object.keys(screen)) {
    if (!screenProperties.includes(name)) findings.add('structure', [...path, name], 'is unknown', 'warning');
  }
  const layout = isRecord(screen.layout) ? screen.layout : {};
  if (layout.type !== 'SingleColumnLayout') findings.add('structure', [...path, 'layout', 'type'], "must be 'SingleColumnLayout'");
  if (!Array.isArray(layout.children)) findings.add('structure', [...path, 'layout', 'children'], 'must be a list of components');
}

function lintData({ screen, path, data }: FlowScreenModel, findings: FlowFindings): void {
  if (screen.data !== undefined && !isRecord(screen.data)) findings.add('screenData', [...path, 'data'], 'must be an object');
  for (const [name, field] of Object.entries(data)) {
    const own = [...path, 'data', name];
    if (!isRecord(field) || typeof field.type !== 'string') findings.add('screenData', [...own, 'type'], 'is missing');
    else {
      if (!('__example__' in field)) findings.add('screenData', [...own, '__example__'], 'is missing');
      else if (!fits(field.__example__, field.type))
        findings.add('screenData', [...own, '__example__'], `must be of the type ${field.type}`);
      if (field.type === 'array' && field.items === undefined) findings.add('screenData', [...own, 'items'], 'is missing');
    }
  }
}

function fits(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  if (type === 'integer') return typeof value === 'number';
  return !['string', 'number', 'boolean'].includes(type) || typeof value === type;
}

function lintCounts({ screen, nodes, path }: FlowScreenModel, findings: FlowFindings): void {
  const own = [...path, 'layout', 'children'];
  findings.most(
    'componentsPerScreen',
    own,
    nodes.length,
    (limit) => `has ${String(nodes.length)} components, but Meta allows ${String(limit)} on a screen`,
  );
  const children = isRecord(screen.layout) ? screen.layout.children : undefined;
  for (const [type, { perScreen }] of componentRules) {
    if (perScreen !== undefined) lintCount(type, perScreen, countOf(children, type, 0), own, findings);
  }
  if (new Set(nodes.map(({ type }) => type).filter(isPicker)).size > 1) {
    findings.add('fileUpload', own, 'has a PhotoPicker and a DocumentPicker, but a screen can have only one of them');
  }
}

function lintCount(type: string, rule: keyof FlowLimits, count: number, path: readonly (string | number)[], findings: FlowFindings): void {
  findings.most(
    rule,
    path,
    count,
    (limit) => `has ${String(count)} components of type ${type}, but Meta allows ${String(limit)} on a screen`,
  );
}

/** Counts the components of a type that can be visible at the same time. Only one branch counts. */
function countOf(children: unknown, type: string, depth: number): number {
  if (!Array.isArray(children) || depth > 32) return 0;
  const list: readonly unknown[] = children;
  return list.reduce<number>((sum, component) => {
    if (!isRecord(component) || typeof component.type !== 'string') return sum;
    const inside = branchesOf(component, component.type).map(([branch]) => countOf(branch, type, depth + 1));
    return sum + (component.type === type ? 1 : 0) + Math.max(0, ...inside);
  }, 0);
}

function lintTerminal({ screen, nodes, path, isTerminal }: FlowScreenModel, findings: FlowFindings): void {
  if (screen.success !== undefined && !isTerminal)
    findings.add('terminalScreen', [...path, 'success'], 'is possible only on a terminal screen');
  if (isTerminal && !nodes.some(({ type }) => type === 'Footer')) findings.add('terminalScreen', path, 'is terminal, but has no Footer');
}

function lintNames({ nodes, path, screen, inputs }: FlowScreenModel, findings: FlowFindings): void {
  const seen = new Set<string>();
  for (const { component, path: own } of nodes) {
    const { name } = component;
    if (typeof name !== 'string') continue;
    if (seen.has(name)) findings.add('uniqueName', [...own, 'name'], `is ${name}, as that of an earlier component of the screen`);
    seen.add(name);
  }
  const sensitive: unknown = screen.sensitive;
  const hidden: readonly unknown[] = Array.isArray(sensitive) ? sensitive : [];
  hidden.forEach((name, index) => {
    if (typeof name !== 'string' || !inputs.has(name))
      findings.add('reference', [...path, 'sensitive', index], 'names no input of the screen');
  });
}
