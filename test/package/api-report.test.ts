import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  exports: Record<string, string | { import: { types: string } }>;
};
const entries = Object.entries(exports).flatMap(([name, target]) =>
  typeof target === 'string'
    ? []
    : [{ name: name.replace(/^\./, 'wa-coexist'), file: `${root}${target.import.types.replace(/^\.\//, '')}` }],
);

const program = ts.createProgram(
  entries.map(({ file }) => file),
  {
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  },
);
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });

/**
 * Returns every name of an entry with its declaration, in alphabetical order. A release must not change these by
 * accident.
 */
function report(file: string): string {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is no module; build first.`);
  const declarations = checker.getExportsOfModule(module).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const texts = (symbol.declarations ?? []).map((declaration) => {
      const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      return printer.printNode(ts.EmitHint.Unspecified, statement, statement.getSourceFile()).replace(/^export /, '');
    });
    return { name: exported.name, text: texts.join('\n') };
  });
  return declarations
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ name, text }) => `// ${name}\n${text}\n`)
    .join('\n');
}

test('the root exports at most 450 names, so that completion lists stay readable', () => {
  const root = entries.find(({ name }) => name === 'wa-coexist');
  const source = root && program.getSourceFile(root.file);
  const module = source && checker.getSymbolAtLocation(source);
  const names = module ? checker.getExportsOfModule(module) : [];
  expect(names.length).toBeGreaterThan(100);
  expect(names.length).toBeLessThanOrEqual(450);
  expect(statSync(root?.file ?? '').size).toBeLessThanOrEqual(258_000);
});

/** Returns the optional properties of a type that don't accept `undefined`. */
function exactProperties(node: ts.Node): string[] {
  const isOptional = ts.isPropertySignature(node) && node.questionToken !== undefined;
  const types = isOptional && node.type ? (ts.isUnionTypeNode(node.type) ? node.type.types : [node.type]) : [];
  const acceptsUndefined = types.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword || kind === ts.SyntaxKind.UnknownKeyword);
  const nested: string[] = [];
  ts.forEachChild(node, (child) => {
    nested.push(...exactProperties(child));
  });
  return isOptional && !acceptsUndefined ? [node.name.getText(), ...nested] : nested;
}

/**
 * Whether a declaration is an option or a parameter of the package. Parameters that extend Meta's shapes inherit members that JSON writes
 * without `undefined`.
 */
function isOwn(node: ts.Node): boolean {
  if (!node.getSourceFile().fileName.includes('/dist/')) return false;
  const owner =
    ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ? node : ts.findAncestor(node, ts.isInterfaceDeclaration);
  return owner !== undefined && /(Options|Parameters|RequestTarget)$/.test(owner.name.text);
}

// The builders of `wa-coexist/messages` extend Meta's shapes, which JSON writes without undefined members.
test.each(entries.filter(({ name }) => name !== 'wa-coexist/messages'))(
  'options and parameters of $name accept undefined for every optional property',
  ({ file }) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    const exact = (module ? checker.getExportsOfModule(module) : [])
      .filter(({ name }) => /(Options|Parameters)$|^RequestTarget$/.test(name))
      .map((exported) => (exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported))
      .flatMap((symbol) => {
        const inherited = checker.getDeclaredTypeOfSymbol(symbol).getProperties();
        const nodes = [symbol, ...inherited].flatMap(({ declarations = [] }) => declarations);
        return nodes
          .filter(isOwn)
          .flatMap(exactProperties)
          .map((property) => `${symbol.name}.${property}`);
      });
    expect(exact).toEqual([]);
  },
);

test('parameters and results of every action have names', () => {
  const root = entries.find(({ name }) => name === 'wa-coexist');
  const source = root && program.getSourceFile(root.file);
  const module = source && checker.getSymbolAtLocation(source);
  const anonymous: string[] = [];
  let actions = 0;
  for (const exported of module ? checker.getExportsOfModule(module) : []) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    for (const declaration of symbol.declarations ?? []) {
      if (!ts.isFunctionDeclaration(declaration) || declaration.parameters[0]?.name.getText() !== 'client') continue;
      actions += 1;
      const types = [...declaration.parameters, declaration].flatMap(({ type }) => (type ? [type] : []));
      const isAnonymous = (node: ts.Node): boolean => ts.isTypeLiteralNode(node) || (ts.forEachChild(node, isAnonymous) ?? false);
      if (types.some(isAnonymous)) anonymous.push(exported.name);
    }
  }
  expect(actions).toBeGreaterThan(100);
  expect(anonymous).toEqual([]);
});

describe('the public types of an entry match the report: `vitest -u` updates it after an intended change', () => {
  test.each(entries)('$name', async ({ name, file }) => {
    await expect(report(file)).toMatchFileSnapshot(`api/${name.replaceAll('/', '.')}.txt`);
  });
});
