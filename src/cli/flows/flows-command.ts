import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { parseArgs } from 'node:util';
import { lintFlow } from '../../flows/json/lint-flow.js';
import { readAccountOptions, type AccountOptions } from '../account-options.js';
import { describeUsageError, exitDone, exitFailed, exitUsage, type Command, type CommandContext } from '../command.js';
import { oneLine } from '../terminal.js';
import { publishFile, type PublishOptions } from './publish-file.js';

const help = `Usage: wa-coexist flows lint    FILE
       wa-coexist flows publish FILE [--waba ID] [--name NAME] [options]

lint     checks the JSON of a Flow against Meta's rules, and prints the line of each error
publish  lints the file, creates the Flow or updates the draft with its name, prints Meta's errors, and publishes it

--waba ID          the WhatsApp Business Account         (or WHATSAPP_BUSINESS_ACCOUNT_ID)
--name NAME        the name of the Flow. Default: the name of the file
--categories LIST  its categories, with commas. Default for a new Flow: OTHER
--endpoint-uri URL its endpoint
--draft            uploads the file without publishing it
--skip-lint        uploads the file although the linter found errors
--base-url URL     another Graph API, such as the emulator (or WHATSAPP_BASE_URL)

The token is read from WHATSAPP_ACCESS_TOKEN. A published Flow can't change: publish the new version with another name.

The exit code is 0 if all is well, 1 if there are errors, and 2 if the command line was not understood.

Example: wa-coexist flows publish flows/booking.json --waba 102290129340398 --categories APPOINTMENT_BOOKING`;

type Arguments =
  | { readonly action: 'lint'; readonly file: string }
  | { readonly action: 'publish'; readonly file: string; readonly account: AccountOptions; readonly options: PublishOptions };

/** `wa-coexist flows`. */
export const flowsCommand: Command = {
  summary: 'lints the JSON of a Flow, and publishes it',
  help,
  async run(args, context) {
    const options = readArguments(args, context.env);
    if (typeof options === 'string') {
      context.writeError(`wa-coexist flows: ${options}\n\n${help}`);
      return exitUsage;
    }
    try {
      // Editors on Windows write a byte order mark.
      const text = (await readFile(options.file, 'utf8')).replace(/^\uFEFF/, '');
      const errors = lint(options.file, text, context);
      if (options.action === 'lint') {
        context.write(`${options.file}: ${String(errors)} errors`);
        return errors === 0 ? exitDone : exitFailed;
      }
      if (errors > 0 && !options.options.skipsLint) {
        context.write(`${options.file}: ${String(errors)} errors. The Flow was not changed. Fix them, or add --skip-lint.`);
        return exitFailed;
      }
      return await publishFile({ file: options.file, text, account: options.account, ...options.options }, context);
    } catch (error) {
      context.writeError(`wa-coexist flows: ${error instanceof Error ? error.message : String(error)}`);
      return exitFailed;
    }
  },
};

/** Prints the findings, and returns the number of errors. */
function lint(file: string, text: string, { write }: CommandContext): number {
  const findings = lintFlow(text);
  for (const { severity, path, message, rule, source, line = 1, column = 1 } of findings) {
    const subject = path === '' ? message : `${path} ${message}`;
    write(oneLine(`${file}:${String(line)}:${String(column)} ${severity} ${subject} [${rule}: ${source}]`));
  }
  return findings.filter(({ severity }) => severity === 'error').length;
}

/** Returns the command and its options, or a description of the problem. */
function readArguments(args: readonly string[], env: CommandContext['env']): Arguments | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        waba: { type: 'string' },
        name: { type: 'string' },
        categories: { type: 'string' },
        'endpoint-uri': { type: 'string' },
        draft: { type: 'boolean' },
        'skip-lint': { type: 'boolean' },
        'base-url': { type: 'string' },
      },
    });
  } catch (error) {
    return describeUsageError(error);
  }
  const { values, positionals } = parsed;
  const [action, file, ...more] = positionals;
  if (action === undefined) return 'an action is missing: lint or publish.';
  if (action !== 'lint' && action !== 'publish') return `there is no action ${JSON.stringify(action)}. Use lint or publish.`;
  if (file === undefined || more.length > 0) return `${action} needs one FILE.`;
  if (action === 'lint') return { action, file };
  const account = readAccountOptions(values, env);
  if (typeof account === 'string') return account;
  const options: PublishOptions = {
    name: values.name ?? basename(file, extname(file)),
    categories: values.categories?.split(',').map((category) => category.trim()),
    endpointUri: values['endpoint-uri'],
    isDraft: values.draft === true,
    skipsLint: values['skip-lint'] === true,
  };
  return { action, file, account, options };
}
