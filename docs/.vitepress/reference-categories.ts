/**
 * A plugin for TypeDoc. It adds each public name to a category of the reference: the topic of its source folder. A new folder needs no entry
 * here unless its name is a poor title.
 */
import { join, relative, sep } from 'node:path';
import { CommentTag, Converter, ReflectionKind, type Application, type Context, type DeclarationReflection } from 'typedoc';

const source = join(import.meta.dirname, '../../src');

/** Folders whose subfolders are topics. */
const split: ReadonlySet<string> = new Set(['coexistence', 'stores', 'testing', 'webhooks']);

/** Folders whose name isn't a good title. */
const titles: Readonly<Record<string, string>> = {
  'block-users': 'Blocked users',
  'coexistence/handoff': 'Hand-off',
  'embedded-signup': 'Embedded Signup',
  policy: "Meta's rules",
  'qr-codes': 'QR codes',
  runtime: 'Runtime and clock',
  sender: 'Sender and campaigns',
  'stores/memory': 'Stores',
  testing: 'Fake Cloud API',
  'testing/fake': 'Fake Cloud API',
  'testing/payloads': 'Webhook payloads',
  uploads: 'Media',
  webhooks: 'Receiver',
  'webhooks/fields': 'Events',
  'webhooks/node': 'Node.js',
  'webhooks/parsing': 'Receiver',
  whatsapp: 'All actions on one client',
};

/** Returns the category of a source file, for example "Phone numbers" for `src/phone-numbers/register-number.ts`. */
function toCategory(file: string): string {
  const [top = '', second, ...rest] = relative(source, file).split(sep);
  const folder = split.has(top) && second !== undefined && rest.length > 0 ? `${top}/${second}` : top;
  const name = folder.replace(/^.*\//, '').replaceAll('-', ' ');
  return titles[folder] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

function addCategory(context: Context, reflection: DeclarationReflection): void {
  const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName;
  if (file === undefined) return;
  const comments = [reflection.comment, ...(reflection.signatures ?? []).map((signature) => signature.comment)];
  const [comment] = comments.filter((candidate) => candidate !== undefined);
  comment?.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: toCategory(file) }]));
}

/** Called by TypeDoc, which lists this file in its `plugin` option. */
export function load(app: Application): void {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const module of context.project.getReflectionsByKind(ReflectionKind.Module))
      if (module.isDeclaration()) for (const child of module.children ?? []) addCategory(context, child);
  });
}
