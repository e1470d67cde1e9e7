import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import type { ConversationEvent } from 'wa-coexist/coexistence';
import { sqliteMirror, type SqliteMirror, type SqliteMirrorOptions } from 'wa-coexist/sqlite';

/** Opens mirrors that are closed after each test, and creates files that are removed after all tests. */
export interface Mirrors {
  /** The folder of the files. */
  readonly folder: string;
  readonly open: (options?: Partial<SqliteMirrorOptions>) => SqliteMirror;
  /** Opens a mirror and passes it the events, one after the other. */
  readonly fed: (events: readonly ConversationEvent[], options?: Partial<SqliteMirrorOptions>) => Promise<SqliteMirror>;
  /** Closes all open mirrors before the test ends. */
  readonly closeAll: () => Promise<void>;
}

/** Registers the clean-up of mirrors. Call it at the top of a test file. */
export function useMirrors(defaults: Partial<SqliteMirrorOptions> = {}): Mirrors {
  const folder = mkdtempSync(join(tmpdir(), 'mirrors-'));
  const opened: SqliteMirror[] = [];
  const open: Mirrors['open'] = (options = {}) => {
    const mirror = sqliteMirror({ file: ':memory:', ...defaults, ...options });
    opened.push(mirror);
    return mirror;
  };
  const closeAll = async (): Promise<void> => {
    for (const mirror of opened.splice(0)) await mirror.close();
  };
  afterEach(closeAll);
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  return {
    folder,
    open,
    closeAll,
    fed: async (events, options) => {
      const mirror = open(options);
      for (const event of events) await mirror.handle(event);
      return mirror;
    },
  };
}
