import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import * as sdk from 'wa-coexist';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * An action: an exported function whose first parameter is a client of any kind and whose result is a promise or a
 * listing.
 */
interface Action {
  readonly name: string;
  readonly file: string;
  readonly comment: string;
}

function actionsIn(file: string): readonly Action[] {
  const source = ts.createSourceFile(file, readFileSync(`${root}${file}`, 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isFunctionDeclaration).flatMap((declaration) => {
    const [client] = declaration.parameters;
    const isExported = declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    const isForClient = /^(?:Client|NonCoexistenceClient)\b/.test(client?.type?.getText(source) ?? '');
    const answers = /^(?:ApiPromise|Listing|Promise)</.test(declaration.type?.getText(source) ?? '');
    if (!isExported || !isForClient || !answers || declaration.name === undefined) return [];
    const [comment] = ts.getLeadingCommentRanges(source.text, declaration.pos)?.slice(-1) ?? [];
    return [{ name: declaration.name.text, file, comment: comment ? source.text.slice(comment.pos, comment.end) : '' }];
  });
}

const rooms = globSync('src/*/*.ts', { cwd: root, exclude: ['src/{client,sender,webhooks,stores,testing,cli,errors,runtime,policy}/**'] });
const actions = rooms
  .sort()
  .flatMap(actionsIn)
  .filter(({ name }) => Object.hasOwn(sdk, name));

test('each action is in a file with its name', () => {
  expect(actions.length).toBeGreaterThan(110);
  expect(actions.filter(({ file, name }) => !file.endsWith(`/${kebab(name)}.ts`))).toEqual([]);
});

describe('the doc comment of an action', () => {
  test.each(actions.map(({ name, comment }) => [name, comment] as const))('contains everything needed to call it: %s', (name, comment) => {
    const sentences = comment.replaceAll(/\n\s*\* ?/g, ' ');
    const lacks = Object.entries({
      'a permission, or a word that it needs none': /Permissions?:? [^\n]*`\w+`|needs no permission/i.test(comment),
      'the request': /`(?:GET|POST|DELETE) \/?[^`]+`/.test(comment),
      'a source with its date': /Source: [^;(]*\((?:[^)]*\b)?20\d\d\b/.test(sentences),
      'the errors': comment.includes('@throws'),
      'an example that calls it': new RegExp(`@example[\\s\\S]*\\\`\\\`\\\`ts[\\s\\S]*\\b${name}\\(`).test(comment),
    })
      .filter(([, isThere]) => !isThere)
      .map(([what]) => what);
    expect(lacks).toEqual([]);
  });
});

test('createWhatsApp binds every action', () => {
  const source = readFileSync(`${root}src/whatsapp/create-whatsapp.ts`, 'utf8');
  const unbound = actions.filter(({ name }) => !source.includes(`bind(${name})`)).map(({ name }) => name);
  expect(unbound).toEqual([]);
});

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
