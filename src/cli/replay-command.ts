import { parseArgs } from 'node:util';
import {
  describeUrlProblem,
  describeUsage,
  describeUsageError,
  exitDone,
  exitFailed,
  exitUsage,
  type Command,
  type CommandContext,
} from './command.js';
import { replay } from './replay.js';

const help = `Usage: wa-coexist replay FILES… --to URL [--secret SECRET] [--concurrency N]

Signs webhook payloads as Meta does and posts them to a receiver, in order. It signs and sends the exact bytes of a file.

FILES               a .json file contains one payload. A .ndjson or .jsonl file contains one payload per line. A folder stands for its
                    .json files, sorted by name
--to URL            the address of the receiver, for example http://127.0.0.1:3000/webhooks
--secret SECRET     the app secret of the receiver. The default is the environment variable WHATSAPP_APP_SECRET
--concurrency N     the maximum number of payloads in flight, 1 by default
--env-file FILE     reads environment variables from a file

A receiver returns 200 for duplicates and skips them. To handle payloads again, use a receiver with an empty store.

The exit code is 0 if the receiver returned 200 for each payload, 1 if not, and 2 if the command line is invalid.

Example: wa-coexist replay captured/ --to http://127.0.0.1:3000/webhooks --env-file .env`;

/** `wa-coexist replay`. */
export const replayCommand: Command = {
  summary: 'signs webhook payload files and posts them to a receiver',
  help,
  async run(args, { write, writeError, fetch, env }) {
    const options = readArguments(args, env);
    if (typeof options === 'string') {
      writeError(describeUsage('replay', options, help));
      return exitUsage;
    }
    const { accepted, rejected, unanswered, unreadable } = await replay({ ...options, write, fetch });
    return accepted > 0 && rejected + unanswered + unreadable === 0 ? exitDone : exitFailed;
  },
};

interface ReplayArguments {
  readonly files: readonly string[];
  readonly to: string;
  readonly secret: string;
  readonly concurrency: number;
}

/** Returns the options of the replay, or a description of the problem. */
function readArguments(args: readonly string[], env: CommandContext['env']): ReplayArguments | string {
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
  const { to, secret = env['WHATSAPP_APP_SECRET'], concurrency } = parsed.values;
  if (parsed.positionals.length === 0) return 'FILES are missing.';
  if (to === undefined) return '--to is missing: the URL of the receiver.';
  const urlProblem = describeUrlProblem('--to', to);
  if (urlProblem !== undefined) return urlProblem;
  if (secret === undefined) return 'the app secret of the receiver is missing. Set WHATSAPP_APP_SECRET, or pass --secret.';
  if (secret === '') return 'the app secret is empty. Check WHATSAPP_APP_SECRET.';
  if (!/^[1-9]\d{0,3}$/.test(concurrency)) return `--concurrency ${JSON.stringify(concurrency)} is no integer from 1 to 9999.`;
  return { files: parsed.positionals, to, secret, concurrency: Number(concurrency) };
}
