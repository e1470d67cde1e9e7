import type { ServerResponse } from 'node:http';
import { systemClock } from '../../runtime/clock.js';

/** Notifies open pages of changes, as server-sent events. */
export interface Changes {
  /** A page listens until its connection closes. */
  add(response: ServerResponse): void;
  /** Reports a change. Pages are notified at most every 100 ms. */
  tell(): void;
  /** Ends all connections. */
  close(): void;
}

const pauseMs = 100;

/** Makes a register of listening pages. */
export function createChanges(): Changes {
  const pages = new Set<ServerResponse>();
  let cancel: (() => void) | undefined;
  return {
    add(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 1000\n\n');
      pages.add(response);
      response.on('close', () => {
        pages.delete(response);
      });
    },
    tell() {
      cancel ??= systemClock.schedule(() => {
        cancel = undefined;
        for (const page of pages) page.write('event: change\ndata: \n\n');
      }, pauseMs);
    },
    close() {
      cancel?.();
      for (const page of pages) page.end();
    },
  };
}
