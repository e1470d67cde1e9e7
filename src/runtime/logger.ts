/**
 * Where the library writes what it notices. `console` fits as it is; a pino or winston logger fits through a thin wrapper.
 * Facts never hold a token, a secret, a PIN or the text of a message.
 *
 * @example
 * ```ts
 * import { createClient } from 'wa-coexist';
 *
 * createClient({ accessToken: 'token', phoneNumberId: '106540352242922', logger: console });
 * ```
 */
export interface Logger {
  /** What helps to follow a single call. */
  debug(message: string, facts?: LogFacts): void;
  /** What a reader of the log may want to know. */
  info(message: string, facts?: LogFacts): void;
  /** What works, but should be looked at. */
  warn(message: string, facts?: LogFacts): void;
  /** What failed. */
  error(message: string, facts?: LogFacts): void;
}

/** What a log line is about, by name. */
export type LogFacts = Readonly<Record<string, unknown>>;

/** A logger that writes nothing: the default of every `logger` option. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
