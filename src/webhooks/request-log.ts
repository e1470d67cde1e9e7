import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';

/** Milliseconds until the same entry is logged again. */
const repeatAfterMs = 60_000;

/** Logs problems with requests. Anyone can send requests, so it logs each kind of entry at most once a minute. */
export interface RequestLog {
  /** @param reason - One of a fixed set of texts. Each one is a separate kind of entry. */
  warn(event: string, reason: string, remedy: string): void;
  error(event: string, facts: Readonly<Record<string, unknown>>): void;
}

/** Creates the {@link RequestLog} of one receiver. */
export function createRequestLog(clock: Clock, logger: Logger): RequestLog {
  const repeatAtMs = new Map<string, number>();
  const isDue = (kind: string): boolean => {
    const nowMs = clock.monotonic();
    if (nowMs < (repeatAtMs.get(kind) ?? -Infinity)) return false;
    repeatAtMs.set(kind, nowMs + repeatAfterMs);
    return true;
  };
  return {
    warn(event, reason, remedy) {
      if (isDue(`${event} ${reason}`)) logger.warn(event, { reason, remedy });
    },
    error(event, facts) {
      if (isDue(event)) logger.error(event, facts);
    },
  };
}
