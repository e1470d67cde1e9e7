/**
 * Receives the log entries of the library. You can pass `console`, or filter it by level with {@link loggerFrom}. A
 * pino or winston logger needs a thin wrapper. Entries never contain tokens, secrets, PINs or message texts.
 *
 * @example
 * ```ts
 * import { createClient } from 'wa-coexist';
 *
 * createClient({ accessToken: 'token', phoneNumberId: '106540352242922', logger: console });
 * ```
 */
export interface Logger {
  /** Details of single calls. */
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Normal changes, for example a renewed token. */
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Problems that the library handled. */
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Failed work. */
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** Level of a log entry, from the lowest to the highest. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/**
 * Returns a logger that only writes entries of a level and above. Use it for loggers without levels, for example
 * `console`.
 *
 * @param level - The lowest level that is written. See {@link LogLevel}.
 * @param logger - The logger that receives the entries.
 * @returns the filtered logger.
 *
 * @example
 * ```ts
 * import { createClient, loggerFrom } from 'wa-coexist';
 *
 * createClient({ accessToken: 'token', phoneNumberId: '106540352242922', logger: loggerFrom('warn', console) });
 * ```
 */
export function loggerFrom(level: LogLevel, logger: Logger): Logger {
  const at = (own: LogLevel): Logger[LogLevel] => {
    if (levels.indexOf(own) < levels.indexOf(level)) return () => undefined;
    return (message, facts) => {
      logger[own](message, facts);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A logger that discards all entries. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
