/** What a command may touch of the world. */
export interface CommandSurroundings {
  /** Writes a line of the command's answer. */
  readonly write: (line: string) => void;
  /** Writes a line about what is wrong. */
  readonly writeError: (line: string) => void;
  readonly fetch: typeof globalThis.fetch;
  /** The environment: where secrets are read from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user ends a command that would run on. */
  readonly signal: AbortSignal;
}

/** A command of `wa-coexist`. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Runs with the arguments after the command's name; resolves with the exit code. */
  run(args: readonly string[], surroundings: CommandSurroundings): Promise<number>;
}

/** Everything went well. */
export const exitDone = 0;
/** The command ran, and something that it was to bring about did not come about. */
export const exitFailed = 1;
/** The command line could not be understood, so nothing was done. */
export const exitUsage = 2;
