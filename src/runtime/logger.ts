/**
 * Where the library writes what it notices. `console` fits as it is, from a level up through {@link loggerFrom}; a pino or winston logger
 * fits through a thin wrapper.
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

/** How much a line of a log matters, from the least to the most. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/**
 * The part of a logger from a level up: what matters less is not written. For loggers that write everything, as `console` does.
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

/** A logger that writes nothing: the default of every `logger` option. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
