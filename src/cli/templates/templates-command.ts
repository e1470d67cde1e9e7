import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '../../client/create-client.js';
import { defined, isRecord } from '../../runtime/json.js';
import { parseJson } from '../../runtime/parse-json.js';
import { lintTemplate } from '../../templates/lint/lint-template.js';
import { listTemplates } from '../../templates/list-templates.js';
import { readAccountOptions, type AccountOptions } from '../account-options.js';
import { describeUsageError, exitDone, exitFailed, exitUsage, type Command, type CommandContext } from '../command.js';
import { oneLine } from '../terminal.js';
import { compareDefinitions } from './compare-definitions.js';
import { toDefinitions } from './definitions.js';
import { readModule, writeModule } from './module-text.js';

const help = `Usage: wa-coexist templates pull  [--waba ID | --from FILE.json] --out FILE.ts
       wa-coexist templates check [--waba ID | --from FILE.json] --out FILE.ts
       wa-coexist templates lint  FILE

pull    writes a TypeScript module with the templates of an account. Pass its exports to template(definition, values)
check   compares the account with the module, and prints each difference. Use it in CI
lint    checks templates against Meta's rules: a JSON file for createTemplate, or a module of pull

--waba ID        the WhatsApp Business Account        (or WHATSAPP_BUSINESS_ACCOUNT_ID)
--from FILE.json reads the templates from a file instead: a list, or the response of GET /{waba-id}/message_templates
--out FILE.ts    the module
--base-url URL   another Graph API, such as the emulator (or WHATSAPP_BASE_URL)

The token is read from WHATSAPP_ACCESS_TOKEN.

The exit code is 0 if all is well, 1 if check found a difference, lint found an error, or something could not be read, and 2 if
the command line was not understood.

Example: wa-coexist templates pull --waba 102290129340398 --out src/templates.ts`;

/** The source of the templates. */
type TemplateSource = { readonly from: string } | AccountOptions;

type Arguments =
  | { readonly action: 'pull' | 'check'; readonly out: string; readonly source: TemplateSource }
  | { readonly action: 'lint'; readonly file: string };

/** `wa-coexist templates`. */
export const templatesCommand: Command = {
  summary: 'writes a typed module of the templates of an account, compares it, and lints templates',
  help,
  async run(args, surroundings) {
    const { writeError } = surroundings;
    const options = readArguments(args, surroundings.env);
    if (typeof options === 'string') {
      writeError(`wa-coexist templates: ${options}\n\n${help}`);
      return exitUsage;
    }
    try {
      if (options.action === 'lint') return await lint(options.file, surroundings);
      const definitions = toDefinitions(await readSource(options.source, surroundings));
      if (options.action === 'check') {
        const ofAccount = new Map(definitions.map(({ exportName, definition }) => [exportName, definition]));
        return report(compareDefinitions(await readModuleFile(options.out), ofAccount), options.out, surroundings);
      }
      await mkdir(dirname(options.out), { recursive: true });
      await writeFile(options.out, writeModule(definitions));
      surroundings.write(`${options.out}: ${String(definitions.length)} templates`);
      return exitDone;
    } catch (error) {
      writeError(`wa-coexist templates: ${error instanceof Error ? error.message : String(error)}`);
      return exitFailed;
    }
  },
};

function report(differences: readonly string[], file: string, { write }: CommandContext): number {
  if (differences.length === 0) {
    write(`${file} matches the account.`);
    return exitDone;
  }
  for (const difference of differences) write(difference);
  write(`${file} differs from the account. Run wa-coexist templates pull.`);
  return exitFailed;
}

async function readSource(source: TemplateSource, { fetch, signal, writeError }: CommandContext): Promise<readonly unknown[]> {
  if ('from' in source) return readTemplates(source.from, writeError);
  const { wabaId, accessToken, baseUrl } = source;
  const client = createClient(defined({ accessToken, baseUrl, fetch, wabaId }));
  const fields = ['name', 'language', 'status', 'category', 'parameter_format', 'components'];
  const templates: unknown[] = [];
  for await (const template of listTemplates(client, { fields, limit: 250 }, { signal })) templates.push(template);
  return templates;
}

/**
 * Reads the templates of a file for pull and check. Rejects any other content, because an empty module would replace a
 * valid one.
 */
async function readTemplates(file: string, writeError: CommandContext['writeError']): Promise<readonly unknown[]> {
  const content = await readJsonFile(file);
  const templates = listOf(content);
  const wrong = templates.findIndex((template) => !isRecord(template) || ![template.name, template.language].every(isText));
  if (wrong !== -1) throw new Error(`${file} contains an element without a name or a language ([${String(wrong)}]), so it is no template`);
  if (isRecord(content) && isRecord(content.paging) && content.paging.next !== undefined) {
    writeError(`wa-coexist templates: ${file} contains only one page of the templates. The account has more.`);
  }
  return templates;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/**
 * Reads JSON, even with the byte order mark of Windows editors. Long integers become strings, as in the client's
 * responses.
 */
async function readJsonFile(file: string): Promise<unknown> {
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  try {
    return parseJson(text);
  } catch (error) {
    throw new Error(`${file} is not valid JSON`, { cause: error });
  }
}

/** Accepts a list, Meta's response, or a single template. */
function listOf(content: unknown): readonly unknown[] {
  if (Array.isArray(content)) return content;
  if (isRecord(content) && Array.isArray(content.data)) return content.data;
  return [content];
}

async function readModuleFile(file: string): Promise<ReadonlyMap<string, unknown>> {
  try {
    return readModule(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error(`${file} is not a module of templates pull: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Rules about parts that Meta needs for a review but that modules don't contain. */
const reviewRules: ReadonlySet<string> = /* @__PURE__ */ new Set(['examples', 'headerHandle', 'authenticationContent']);

async function lint(file: string, { write }: CommandContext): Promise<number> {
  const isModule = /\.[cm]?[jt]s$/.test(file);
  const templates: readonly (readonly [name: string, template: unknown])[] = isModule
    ? [...(await readModuleFile(file))]
    : listOf(await readJsonFile(file)).map((template, index) => [nameOf(template, index), template]);
  let errors = 0;
  for (const [name, template] of templates) {
    const findings = lintTemplate(isRecord(template) ? template : { name: template }).filter(
      ({ rule }) => !isModule || !reviewRules.has(rule),
    );
    for (const { severity, path, message, rule, source } of findings) {
      write(oneLine(`${severity.padEnd(7)} ${name}: ${path} ${message} [${rule}: ${source}]`));
      if (severity === 'error') errors += 1;
    }
  }
  write(`${String(templates.length)} templates, ${String(errors)} errors`);
  return errors === 0 ? exitDone : exitFailed;
}

function nameOf(template: unknown, index: number): string {
  return isRecord(template) && typeof template.name === 'string' ? template.name : `[${String(index)}]`;
}

/** Returns the command and its options, or a description of the problem. */
function readArguments(args: readonly string[], env: CommandContext['env']): Arguments | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { waba: { type: 'string' }, from: { type: 'string' }, out: { type: 'string' }, 'base-url': { type: 'string' } },
    });
  } catch (error) {
    return describeUsageError(error);
  }
  const { values, positionals } = parsed;
  const [action, file, ...more] = positionals;
  if (action === undefined) return 'an action is missing: pull, check or lint.';
  if (action === 'lint') return file === undefined || more.length > 0 ? 'lint needs one FILE.' : { action, file };
  if (action !== 'pull' && action !== 'check') return `there is no action ${JSON.stringify(action)}. Use pull, check or lint.`;
  if (file !== undefined) return 'there is an argument that belongs to no option.';
  if (values.out === undefined) return '--out is missing: the module, for example src/templates.ts.';
  const source = readSourceOptions(values, env);
  return typeof source === 'string' ? source : { action, out: values.out, source };
}

function readSourceOptions(
  values: { readonly waba?: string; readonly from?: string; readonly 'base-url'?: string },
  env: CommandContext['env'],
): TemplateSource | string {
  if (values.from !== undefined) return { from: values.from };
  return readAccountOptions(values, env, ' Or read a file with --from.');
}
