import { isRecord } from '../../runtime/json.js';
import type { JsonPath } from '../../runtime/json-position.js';
import type { FlowFindings } from './flow-finding.js';
import type { FlowModel, FlowScreenModel } from './flow-model.js';

/** Targets by screen. */
type Routes = ReadonlyMap<string, ReadonlySet<string>>;

/** Checks the routing model, or the routes that Meta derives from `navigate` if there is none. */
export function lintRoutes(model: FlowModel, findings: FlowFindings): void {
  const { flow, screens } = model;
  const navigations = readNavigations(model);
  // A Flow with one screen needs no routes.
  const isSingle = screens.length < 2 && isRecord(flow.routing_model) && Object.keys(flow.routing_model).length === 0;
  const declared = isRecord(flow.routing_model) && !isSingle ? lintDeclared(flow.routing_model, model, findings) : undefined;
  if (declared) {
    for (const [from, targets] of navigations) {
      for (const to of targets) {
        if (!declared.get(from)?.has(to))
          findings.add('routingModel', ['routing_model', from], `lacks ${to}, although ${from} navigates there`);
      }
    }
  }
  const routes = declared ?? navigations;
  for (const screen of screens) {
    const { id, path, isTerminal } = screen;
    const targets = routes.get(id) ?? new Set<string>();
    const own: JsonPath = declared ? ['routing_model', id] : path;
    findings.most('branches', own, targets.size, (limit) => `has ${String(targets.size)} routes, but Meta allows ${String(limit)}`);
    // Without a routing model, customers can only go back from a screen that only has text.
    if (targets.size === 0 && !isTerminal && (declared !== undefined || !usesEndpoint(screen))) {
      findings.add('routingModel', own, `leads nowhere, but ${id} is not terminal`, declared ? 'error' : 'warning');
    }
  }
  lintEnds(screens, routes, declared !== undefined, findings);
  lintConnections(screens, routes, declared ? ['routing_model'] : ['screens'], findings);
}

/** Returns the screens that lead to each screen. */
function reverse(routes: Routes): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>();
  for (const [from, targets] of routes) {
    for (const to of targets) {
      const known = sources.get(to);
      if (known) known.push(from);
      else sources.set(to, [from]);
    }
  }
  return sources;
}

/** Returns the screens that a walk along routes reaches. */
function reach(starts: readonly string[], nextOf: (id: string) => Iterable<string>): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    open.push(...nextOf(id));
  }
  return reached;
}

/** Checks that the routes of a screen lead to a terminal screen, instead of in a circle. */
function lintEnds(screens: readonly FlowScreenModel[], routes: Routes, isDeclared: boolean, findings: FlowFindings): void {
  if (!screens.some(({ isTerminal }) => isTerminal)) return;
  const sources = reverse(routes);
  // A screen without routes has its own finding. Without a routing model, the endpoint may lead to any screen.
  const ends = screens.filter(
    (screen) => screen.isTerminal || (routes.get(screen.id)?.size ?? 0) === 0 || (!isDeclared && usesEndpoint(screen)),
  );
  const ending = reach(
    ends.map(({ id }) => id),
    (id) => sources.get(id) ?? [],
  );
  for (const { id, path } of screens) {
    if (ending.has(id)) continue;
    const own: JsonPath = isDeclared ? ['routing_model', id] : path;
    findings.add('routingModel', own, `never leads from ${id} to a terminal screen`, isDeclared ? 'error' : 'warning');
  }
}

function readNavigations({ screens, byId }: FlowModel): Map<string, Set<string>> {
  const routes = new Map<string, Set<string>>();
  for (const { id, actions } of screens) {
    const targets = routes.get(id) ?? new Set<string>();
    routes.set(id, targets);
    for (const { name, action } of actions) {
      const next = isRecord(action.next) ? action.next.name : undefined;
      if (name === 'navigate' && typeof next === 'string' && byId.has(next) && next !== id) targets.add(next);
    }
  }
  return routes;
}

function usesEndpoint({ actions }: FlowScreenModel): boolean {
  return actions.some(({ name }) => name === 'data_exchange');
}

function lintDeclared(given: Readonly<Record<string, unknown>>, { screens, byId }: FlowModel, findings: FlowFindings): Routes {
  const routes = new Map<string, Set<string>>();
  for (const [from, list] of Object.entries(given)) {
    const own = ['routing_model', from];
    if (!byId.has(from)) findings.add('routingModel', own, `names no screen of the Flow`);
    if (!Array.isArray(list)) {
      findings.add('routingModel', own, 'must be a list of screens');
      continue;
    }
    const names: readonly unknown[] = list;
    const targets = new Set<string>();
    names.forEach((to, index) => {
      if (typeof to !== 'string' || !byId.has(to)) findings.add('routingModel', [...own, index], 'names no screen of the Flow');
      else if (to === from) findings.add('routingModel', [...own, index], 'is the screen itself');
      else {
        targets.add(to);
        if (routes.get(to)?.has(from)) findings.add('routingModel', [...own, index], `leads back to ${to}. List only forward routes`);
      }
    });
    routes.set(from, targets);
  }
  for (const { id } of screens) {
    if (id !== '' && !Object.hasOwn(given, id)) findings.add('routingModel', ['routing_model'], `lacks ${id}`);
  }
  return routes;
}

function lintConnections(screens: readonly FlowScreenModel[], routes: Routes, path: JsonPath, findings: FlowFindings): void {
  if (screens.length < 2) return;
  const sources = reverse(routes);
  const entry = screens.find(({ id }) => !sources.has(id));
  if (!entry) {
    findings.add('routingModel', path, 'has no entry screen. One screen must not be the target of a route');
    return;
  }
  // Several entry screens may lead to the same screen.
  const connected = reach([entry.id], (id) => [...(routes.get(id) ?? []), ...(sources.get(id) ?? [])]);
  for (const { id, path: own } of screens) {
    if (!connected.has(id)) findings.add('routingModel', own, `is ${id}, which no route connects with the other screens`);
  }
}
