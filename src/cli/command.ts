import { parseUrl } from '../runtime/parse-url.js';

/** The streams, the network and the environment of a command. Tests pass their own. */
export interface CommandContext {
  /** Writes a line of the result. */
  readonly write: (line: string) => void;
  /** Writes a line about an error. */
  readonly writeError: (line: string) => void;
  readonly fetch: typeof globalThis.fetch;
  /** The environment variables. Commands read secrets from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether lines can contain colors. @defaultValue `'plain'` */
  readonly colors?: 'colors' | 'plain';
  /** Aborts on Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** A command of `wa-coexist`. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** The text of `--help`. Its first paragraph is the usage. */
  readonly help: string;
  /** Whether the command finishes its work after the signal is aborted. Other commands end immediately. */
  readonly endsOnSignal?: boolean;
  /**
   * Runs the command.
   *
   * @param args - The arguments after the name of the command.
   * @param context - See {@link CommandContext}.
   * @returns the exit code
   */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** The command succeeded. */
export const exitDone = 0;
/** The command ran, but part of its work failed. */
export const exitFailed = 1;
/** Ctrl-C or SIGTERM ended the command. */
export const exitInterrupted = 130;
/** The command line is invalid, so the command did nothing. */
export const exitUsage = 2;

/** Returns the message for an invalid command line: the problem, the usage, and how to read the options. */
export function describeUsage(name: string, problem: string, help: string): string {
  const [usage = ''] = help.split('\n\n');
  return `wa-coexist ${name}: ${problem}\n\n${usage}\nFor the options, run: wa-coexist ${name} --help`;
}

/** Describes an error of `parseArgs`. It doesn't repeat an unexpected argument, which can be a secret in the wrong position. */
export function describeUsageError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'one argument belongs to no option.';
  return error instanceof Error ? error.message : String(error);
}

/**
 * Describes the problem of a URL, or returns `undefined` if the URL is valid. It doesn't repeat the URL, which can
 * contain a password or a token.
 */
export function describeUrlProblem(option: string, value: string): string | undefined {
  const url = parseUrl(value);
  if (!url || !/^https?:$/.test(url.protocol)) return `${option} is no http or https URL. Example: http://127.0.0.1:3000/webhooks`;
  if (url.username !== '' || url.password !== '') return `${option} must not contain a user name or a password.`;
  return undefined;
}
