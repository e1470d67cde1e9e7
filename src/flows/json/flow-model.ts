import { isRecord } from '../../runtime/json.js';
import type { JsonPath } from '../../runtime/json-position.js';

type Wire = Readonly<Record<string, unknown>>;

/** A component with its path. */
export interface FlowNode {
  readonly component: Wire;
  readonly type: string;
  readonly path: JsonPath;
  /** Types of the components around it, outermost first. */
  readonly parents: readonly string[];
}

/** A screen with all of its components, including those in forms and branches. */
export interface FlowScreenModel {
  readonly screen: Wire;
  readonly id: string;
  readonly path: JsonPath;
  readonly isTerminal: boolean;
  /** The declared data, by name. */
  readonly data: Wire;
  readonly nodes: readonly FlowNode[];
  /** Components by the name of their input. */
  readonly inputs: ReadonlyMap<string, FlowNode>;
  readonly actions: readonly FlowActionModel[];
}

/** An action with its path. */
export interface FlowActionModel {
  readonly action: Wire;
  readonly name: string;
  readonly node: FlowNode;
  /** `on-click-action`, `on-select-action` or `on-unselect-action`. */
  readonly trigger: string;
  readonly path: JsonPath;
  /** Whether it belongs to an option or item instead of the component. */
  readonly isOfItem: boolean;
}

/** A Flow in the form that the linter needs. */
export interface FlowModel {
  readonly flow: Wire;
  readonly version: string;
  readonly hasEndpoint: boolean;
  readonly screens: readonly FlowScreenModel[];
  readonly byId: ReadonlyMap<string, FlowScreenModel>;
}

const triggers = ['on-click-action', 'on-select-action', 'on-unselect-action'];
const maxDepth = 32;

/** Reads the screens and components of a Flow. Ignores parts with a wrong type, which the linter reports. */
export function readFlowModel(flow: Wire): FlowModel {
  const given: unknown = flow.screens;
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  const screens = list.flatMap((screen, index) => (isRecord(screen) ? [readScreen(screen, ['screens', index])] : []));
  return {
    flow,
    version: typeof flow.version === 'string' ? flow.version : '',
    hasEndpoint: flow.data_api_version !== undefined,
    screens,
    byId: new Map(screens.map((screen) => [screen.id, screen])),
  };
}

/** Compares two versions, for example `6.0` and `7.1`. */
export function isBefore(version: string, other: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

function readScreen(screen: Wire, path: JsonPath): FlowScreenModel {
  const nodes: FlowNode[] = [];
  const layout = isRecord(screen.layout) ? screen.layout : {};
  collect(layout.children, [...path, 'layout', 'children'], [], nodes);
  const named = nodes.filter(({ component, type }) => typeof component.name === 'string' && type !== 'Form');
  return {
    screen,
    id: typeof screen.id === 'string' ? screen.id : '',
    path,
    isTerminal: screen.terminal === true,
    data: isRecord(screen.data) ? screen.data : {},
    nodes,
    inputs: new Map(named.map((node) => [String(node.component.name), node])),
    actions: nodes.flatMap(readActions),
  };
}

function collect(children: unknown, path: JsonPath, parents: readonly string[], nodes: FlowNode[]): void {
  if (!Array.isArray(children) || parents.length > maxDepth) return;
  const list: readonly unknown[] = children;
  list.forEach((component, index) => {
    if (!isRecord(component)) return;
    const type = typeof component.type === 'string' ? component.type : '';
    const own = [...path, index];
    nodes.push({ component, type, path: own, parents });
    for (const [branch, branchPath] of branchesOf(component, type)) collect(branch, [...own, ...branchPath], [...parents, type], nodes);
  });
}

/** Returns the lists of components inside a component, with their paths. */
export function branchesOf(component: Wire, type: string): readonly (readonly [unknown, JsonPath])[] {
  if (type === 'Form') return [[component.children, ['children']]];
  if (type === 'If') {
    const branches: readonly (readonly [unknown, JsonPath])[] = [
      [component.then, ['then']],
      [component.else, ['else']],
    ];
    return branches.filter(([branch]) => branch !== undefined);
  }
  if (type !== 'Switch' || !isRecord(component.cases)) return [];
  return Object.entries(component.cases).map(([name, branch]) => [branch, ['cases', name]]);
}

/** Returns the options or items of a component that the JSON contains. */
export function itemsOf({ component, path }: FlowNode, name: string): readonly (readonly [Wire, JsonPath])[] {
  const given: unknown = component[name];
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  return list.flatMap((item, index) => (isRecord(item) ? [[item, [...path, name, index]] as const] : []));
}

function readActions(node: FlowNode): readonly FlowActionModel[] {
  const holders: readonly (readonly [Wire, JsonPath, boolean])[] = [
    [node.component, node.path, false],
    ...['data-source', 'list-items'].flatMap((name) => itemsOf(node, name).map(([item, path]) => [item, path, true] as const)),
  ];
  return holders.flatMap(([holder, path, isOfItem]) =>
    triggers.flatMap((trigger) => {
      const action = holder[trigger];
      if (!isRecord(action)) return [];
      const name = typeof action.name === 'string' ? action.name : '';
      return [{ action, name, node, trigger, path: [...path, trigger], isOfItem }];
    }),
  );
}
