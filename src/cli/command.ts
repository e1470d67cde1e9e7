import { parseUrl } from '../runtime/parse-url.js';

/** What a command may touch of the world. */
export interface CommandSurroundings {
  /** Writes a line of the command's answer. */
  readonly write: (line: string) => void;
  /** Writes a line about what is wrong. */
  readonly writeError: (line: string) => void;
  readonly fetch: typeof globalThis.fetch;
  /** The environment: where secrets are read from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** A command of `wa-coexist`. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Whether the command ends by itself, in order, when the signal is aborted. Other commands are cut off. */
  readonly endsOnSignal?: boolean;
  /** Runs with the arguments after the command's name; resolves with the exit code. */
  run(args: readonly string[], surroundings: CommandSurroundings): Promise<number>;
}

/** Everything went well. */
export const exitDone = 0;
/** The command ran, and something that it was to bring about did not come about. */
export const exitFailed = 1;
/** Ctrl-C or SIGTERM cut the command off. */
export const exitInterrupted = 130;
/** The command line could not be understood, so nothing was done. */
export const exitUsage = 2;

/** Turns what `parseArgs` threw into a line. An argument that it did not expect is not repeated: it may be a secret in the wrong place. */
export function describeUsageError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'there is an argument that belongs to no option.';
  return error instanceof Error ? error.message : String(error);
}

/** Says what is wrong with a URL of an option, without repeating it: it may contain a password or a token. `undefined` if it is right. */
export function describeUrlProblem(option: string, value: string): string | undefined {
  const url = parseUrl(value);
  if (!url || !/^https?:$/.test(url.protocol)) return `${option} is no http or https URL. Example: http://127.0.0.1:3000/webhooks`;
  if (url.username !== '' || url.password !== '') return `${option} must not contain a user name or a password.`;
  return undefined;
}
