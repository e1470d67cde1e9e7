import { silentLogger, type Logger, type LogLevel } from './logger.js';

/** Loggers that {@link resolveLogger} has created, so that a logger is never wrapped twice. */
const resolved = /* @__PURE__ */ new WeakSet<Logger>();

/**
 * Creates the library's logger from the `logger` option of a `create…` function.
 *
 * - Without the option: warnings and errors go to stderr, once per kind, so failed work is visible without
 *   configuration. Pass {@link silentLogger} to turn this off.
 * - With the option: entries go to the caller's logger. If it throws, rejects or lacks a method, that doesn't affect
 *   the logged work.
 */
export function resolveLogger(logger: Logger | undefined): Logger {
  if (logger === undefined) return remember(warningLogger());
  if (logger === silentLogger || resolved.has(logger)) return logger;
  let hasFailed = false;
  const failed = (error: unknown): void => {
    if (hasFailed) return;
    hasFailed = true;
    print('the logger failed; its log entries are lost', { error });
  };
  const at =
    (level: LogLevel): Logger[LogLevel] =>
    (message, facts) => {
      try {
        // Typed as `void`, but async loggers return promises, whose rejections would end the process.
        const write: (message: string, facts?: Readonly<Record<string, unknown>>) => unknown = logger[level].bind(logger);
        const result = write(message, facts);
        if (result instanceof Promise) result.catch(failed);
      } catch (error) {
        failed(error);
      }
    };
  return remember({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') });
}

function remember(logger: Logger): Logger {
  resolved.add(logger);
  return logger;
}

/** Prints each kind of warning and error once. */
function warningLogger(): Logger {
  const printed = new Set<string>();
  const once = (message: string, facts?: Readonly<Record<string, unknown>>): void => {
    if (printed.has(message)) return;
    printed.add(message);
    print(message, facts);
  };
  return { debug: () => undefined, info: () => undefined, warn: once, error: once };
}

/**
 * Writes to stderr in Node and to the console elsewhere. Prints only the stack of errors, because properties of foreign
 * errors may contain secrets.
 */
function print(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
  try {
    const printable = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, printableFact(value)]));
    console.warn(`[wa-coexist] ${message} (further warnings of this kind are not printed; pass a logger to see all)`, printable);
  } catch {
    // The console throws, or the facts can't be read. There is no other place to report this.
  }
}

function printableFact(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { stack, name, message } = value;
  return typeof stack === 'string' ? stack : `${name}: ${message}`;
}
