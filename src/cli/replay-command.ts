import { parseArgs } from 'node:util';
import { describeUrlProblem, describeUsageError, exitDone, exitFailed, exitUsage, type Command } from './command.js';
import { replay } from './replay.js';

const help = `Usage: wa-coexist replay FILES… --to URL --secret SECRET [--concurrency N]

Signs webhook payloads as Meta does and posts them to a receiver, in order. The bytes of a file are signed and sent as they are.

FILES               a JSON file is one payload; a folder stands for its .json files in the order of their names;
                    a .ndjson or .jsonl file has a payload on each line
--to URL            where the receiver listens, for example http://127.0.0.1:3000/webhooks
--secret SECRET     the app secret that the receiver checks signatures with
--concurrency N     payloads on their way at once, 1 by default

The exit code is 0 if every payload was answered 200, 1 if not, and 2 if the command line was not understood.

Example: wa-coexist replay captured/ --to http://127.0.0.1:3000/webhooks --secret "$WHATSAPP_APP_SECRET"`;

/** `wa-coexist replay`. */
export const replayCommand: Command = {
  summary: 'signs webhook payload files and posts them to a receiver',
  help,
  async run(args, { write, writeError, fetch }) {
    const options = readArguments(args);
    if (typeof options === 'string') {
      writeError(`wa-coexist replay: ${options}\n\n${help}`);
      return exitUsage;
    }
    const { accepted, refused, unanswered, unreadable } = await replay({ ...options, write, fetch });
    return accepted > 0 && refused + unanswered + unreadable === 0 ? exitDone : exitFailed;
  },
};

interface ReplayArguments {
  readonly files: readonly string[];
  readonly to: string;
  readonly secret: string;
  readonly concurrency: number;
}

/** What the arguments ask for, or what is wrong with them. */
function readArguments(args: readonly string[]): ReplayArguments | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { to: { type: 'string' }, secret: { type: 'string' }, concurrency: { type: 'string', default: '1' } },
    });
  } catch (error) {
    return describeUsageError(error);
  }
  const { to, secret, concurrency } = parsed.values;
  if (parsed.positionals.length === 0) return 'no FILES were named.';
  if (to === undefined) return '--to is missing: the URL of the receiver.';
  const urlProblem = describeUrlProblem('--to', to);
  if (urlProblem !== undefined) return urlProblem;
  if (secret === undefined) return '--secret is missing: the app secret that the receiver checks signatures with.';
  if (secret === '') return '--secret is empty. Is the variable that it comes from set?';
  if (!/^[1-9]\d{0,3}$/.test(concurrency)) return `--concurrency ${JSON.stringify(concurrency)} is no whole number from 1 to 9999.`;
  return { files: parsed.positionals, to, secret, concurrency: Number(concurrency) };
}
