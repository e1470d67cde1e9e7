import { flowFeatureVersions } from '../../policy/flow-rules.js';
import { isRecord } from '../../runtime/json.js';
import type { JsonPath } from '../../runtime/json-position.js';
import { componentRules, isPicker } from './component-rules.js';
import { isDynamic, type FlowFindings } from './flow-finding.js';
import { isBefore, type FlowActionModel, type FlowModel, type FlowNode, type FlowScreenModel } from './flow-model.js';

const known = ['navigate', 'data_exchange', 'complete', 'update_data', 'open_url'];

/** Checks the actions: where they are allowed, their targets, and their payloads. */
export function lintActions(model: FlowModel, findings: FlowFindings): void {
  for (const screen of model.screens) {
    for (const action of screen.actions) {
      lintName(action, model, findings);
      if (action.name === 'complete' && !screen.isTerminal) {
        findings.add('action', [...action.path, 'name'], 'is complete, which is possible only on a terminal screen');
      }
      if (action.name === 'data_exchange' && !model.hasEndpoint) {
        findings.add('dataApiVersion', [...action.path, 'name'], 'is data_exchange, which needs data_api_version');
      }
      if (action.name === 'navigate') lintNavigation(action, screen, model, findings);
      lintFiles(action, screen, model, findings);
    }
  }
}

function lintName({ name, node, trigger, path, isOfItem }: FlowActionModel, { version }: FlowModel, findings: FlowFindings): void {
  if (!known.includes(name)) {
    findings.add('action', [...path, 'name'], name === '' ? 'is missing' : 'is unknown', name === '' ? 'error' : 'warning');
    return;
  }
  const rules = componentRules.get(node.type);
  const ofComponent = rules?.actions?.[trigger];
  const allowed = isOfItem && node.type !== 'NavigationList' ? ['update_data'] : ofComponent;
  if (rules && !(allowed ?? []).includes(name)) {
    const list = allowed === undefined ? 'no action here' : `only ${allowed.join(', ')}`;
    findings.add('action', [...path, 'name'], `is ${name}, but ${node.type} allows ${list}`);
  }
  const first =
    node.type === 'ChipsSelector' && name === 'update_data' && !isOfItem
      ? '7.1'
      : Object.hasOwn(flowFeatureVersions, name)
        ? flowFeatureVersions[name]
        : undefined;
  if (first !== undefined && isBefore(version, first)) {
    findings.add('componentVersion', [...path, 'name'], `is ${name}, which needs version ${first} or later`);
  }
}

function lintNavigation({ action, path, node }: FlowActionModel, screen: FlowScreenModel, model: FlowModel, findings: FlowFindings): void {
  const next = isRecord(action.next) ? action.next : {};
  const target = typeof next.name === 'string' ? model.byId.get(next.name) : undefined;
  if (!target) {
    findings.add('navigation', [...path, 'next', 'name'], 'names no screen of the Flow');
    return;
  }
  if (target.id === screen.id) findings.add('navigation', [...path, 'next', 'name'], 'is the screen itself');
  if (screen.isTerminal && node.type === 'Footer') {
    findings.add('navigation', [...path, 'name'], 'is navigate in the Footer of a terminal screen, so the Flow cannot end here', 'warning');
  }
  const payload = isRecord(action.payload) ? action.payload : {};
  for (const [name, value] of Object.entries(payload)) {
    const own = [...path, 'payload', name];
    if (!Object.hasOwn(target.data, name)) {
      findings.add('navigationPayload', own, `is not declared in the data of ${target.id}`);
      continue;
    }
    const [given, wanted] = [typeOfValue(value, screen), declaredType(target.data[name])];
    if (given !== undefined && wanted !== undefined && given !== wanted) {
      findings.add('navigationPayload', own, `is of the type ${given}, but ${target.id} declares the type ${wanted}`);
    }
  }
  for (const name of Object.keys(target.data)) {
    if (!Object.hasOwn(payload, name))
      findings.add('navigationPayload', [...path, 'payload'], `lacks ${name}, which ${target.id} declares in its data`);
  }
}

/** Returns the type of a fixed value, or of a reference to the data of the screen. */
function typeOfValue(value: unknown, { data }: FlowScreenModel): string | undefined {
  if (Array.isArray(value)) return 'array';
  if (isRecord(value)) return 'object';
  if (typeof value !== 'string') return typeof value === 'number' || typeof value === 'boolean' ? typeof value : undefined;
  const [, name] = /^\$\{data\.([^{}.]+)\}$/.exec(value) ?? [];
  if (name !== undefined && Object.hasOwn(data, name)) return declaredType(data[name]);
  return isDynamic(value) ? undefined : 'string';
}

function declaredType(field: unknown): string | undefined {
  const type = isRecord(field) && typeof field.type === 'string' ? field.type : undefined;
  return type === 'integer' ? 'number' : type;
}

/** Returns the component that a reference reads, even on another screen. */
function inputOf(reference: string, { inputs }: FlowScreenModel, { byId }: FlowModel): FlowNode | undefined {
  const [, screenId, name = ''] = /^\$\{(?:screen\.([^{}.]+)\.)?form\.([^{}.]+)\}$/.exec(reference) ?? [];
  return (screenId === undefined ? inputs : byId.get(screenId)?.inputs)?.get(name);
}

/** Checks where the actions pass the files of a picker. */
function lintFiles({ action, name, path }: FlowActionModel, screen: FlowScreenModel, model: FlowModel, findings: FlowFindings): void {
  const visit = (value: unknown, own: JsonPath, depth: number): void => {
    if (depth > 16) return;
    if (Array.isArray(value)) {
      value.forEach((element, index) => {
        visit(element, [...own, index], depth + 1);
      });
      return;
    }
    if (isRecord(value)) {
      for (const [member, content] of Object.entries(value)) visit(content, [...own, member], depth + 1);
      return;
    }
    const picker = typeof value === 'string' ? inputOf(value, screen, model) : undefined;
    if (!picker || !isPicker(picker.type)) return;
    if (name === 'navigate')
      findings.add('fileUpload', own, 'contains files, which navigate cannot pass on. Refer to the screen with ${screen.…}');
    else if (depth > 1) findings.add('fileUpload', own, 'contains files, which must be a direct member of the payload');
    if (name !== 'complete') return;
    const most = picker.component[picker.type === 'PhotoPicker' ? 'max-uploaded-photos' : 'max-uploaded-documents'];
    const files = typeof most === 'number' ? most : Number.POSITIVE_INFINITY;
    findings.most('responseFiles', own, files, (limit) => `can contain more than ${String(limit)} files. Lower the maximum of the picker`);
  };
  visit(action.payload, [...path, 'payload'], 0);
}
