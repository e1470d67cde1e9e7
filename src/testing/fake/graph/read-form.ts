type Node = Map<string, Node | string>;

/** Brackets of a form are read to this depth. */
const maxDepth = 8;

/** Reads the fields of a form or query: `a[b][]=1` becomes `{ a: { b: ['1'] } }`, and of equal names the last one counts. */
export function readForm(fields: Iterable<readonly [string, string]>): Readonly<Record<string, unknown>> {
  const root: Node = new Map();
  for (const [name, value] of fields) {
    const [, first = name, rest = ''] = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name) ?? [];
    const keys = [first, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, key = '']) => key)];
    if (keys.length <= maxDepth) add(root, keys, value);
  }
  return Object.fromEntries([...root].map(([name, node]) => [name, valueOf(node)]));
}

function add(node: Node, [key = '', ...rest]: readonly string[], value: string): void {
  const name = key === '' ? String(node.size) : key;
  if (rest.length === 0) {
    node.set(name, value);
    return;
  }
  const known = node.get(name);
  const child: Node = known === undefined || typeof known === 'string' ? new Map<string, Node | string>() : known;
  node.set(name, child);
  add(child, rest, value);
}

/** A list, if all keys are positions. */
function valueOf(node: Node | string): unknown {
  if (typeof node === 'string') return node;
  const isList = [...node.keys()].every((key) => /^\d+$/.test(key));
  return isList ? [...node.values()].map(valueOf) : Object.fromEntries([...node].map(([key, child]) => [key, valueOf(child)]));
}
