import type { Client } from '../../client/client.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { listTemplates } from '../list-templates.js';
import type { MessageTemplate } from '../message-template.js';

/** Templates of one account, by name and language. */
export type TemplatesByName = ReadonlyMap<string, ReadonlyMap<string, MessageTemplate>>;

/** The cached templates of one account. */
export interface WabaTemplates {
  /** Returns the templates if the cache is fresh. */
  fresh(): TemplatesByName | undefined;
  /** Returns fresh templates. If the account can't be read, returns cached ones, or `undefined`. */
  load(): Promise<TemplatesByName | undefined>;
  /** Reads the templates again. @throws the error of `listTemplates` */
  refresh(): Promise<TemplatesByName>;
  /** Whether a template that isn't in the cache may have been created later. */
  mayHaveMissed(): boolean;
  /** Changes a template. If the cache doesn't contain it, the next use reads all templates again. */
  change(name: string, language: string, fields: Partial<MessageTemplate>): void;
  /** Makes the next use read all templates again. */
  invalidate(): void;
}

/** Options of {@link createWabaTemplates}. */
export interface WabaTemplatesOptions {
  readonly client: Client;
  readonly wabaId: string;
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Delay after a failed read until the next one. */
const retryAfterMs = 5_000;

/** A cache of this age may lack a new template, so a missing template is looked up again. */
const missedAfterMs = 10_000;

/** Maximum number of reads in a row. A webhook during a read makes its result outdated. */
const maxReads = 3;

const pageSize = 250;

/** Fields that the catalog needs. Meta omits the quality unless it is requested. */
const fields = ['id', 'name', 'language', 'status', 'category', 'components', 'parameter_format', 'quality_score'];

/** Normalizes a language to an underscore. Meta also uses a dash. */
export function languageKey(language: string): string {
  return language.replaceAll('-', '_');
}

/** Creates the cache of one account. It reads the account on first use. */
export function createWabaTemplates({ client, wabaId, ttlMs, clock, logger }: WabaTemplatesOptions): WabaTemplates {
  let templates: Map<string, Map<string, MessageTemplate>> | undefined;
  let readAtMs = -Infinity;
  let isStale = true;
  let failedAtMs = -Infinity;
  /** Number of webhooks. A webhook during a read makes its result outdated. */
  let changes = 0;
  let reading: Promise<TemplatesByName> | undefined;

  const read = async (): Promise<Map<string, Map<string, MessageTemplate>>> => {
    const found = new Map<string, Map<string, MessageTemplate>>();
    for await (const template of listTemplates(client, { wabaId, fields, limit: pageSize })) {
      let languages = found.get(template.name);
      if (!languages) {
        languages = new Map<string, MessageTemplate>();
        found.set(template.name, languages);
      }
      languages.set(languageKey(template.language), template);
    }
    return found;
  };
  const readUnchanged = async (): Promise<TemplatesByName> => {
    for (let reads = 1; ; reads += 1) {
      const before = changes;
      const startedAtMs = clock.monotonic();
      const found = await read();
      const isChanged = changes !== before;
      if (isChanged && reads < maxReads) continue;
      templates = found;
      readAtMs = startedAtMs;
      isStale = isChanged;
      return found;
    }
  };
  const refresh = (): Promise<TemplatesByName> =>
    (reading ??= readUnchanged().finally(() => {
      reading = undefined;
    }));
  const fresh = (): TemplatesByName | undefined => (!isStale && clock.monotonic() - readAtMs < ttlMs ? templates : undefined);

  return {
    fresh,
    refresh,
    async load() {
      const known = fresh();
      if (known) return known;
      if (clock.monotonic() - failedAtMs < retryAfterMs) return templates;
      try {
        return await refresh();
      } catch (error) {
        failedAtMs = clock.monotonic();
        logger.warn('templates.catalog_unreadable', { wabaId, error });
        return templates;
      }
    },
    mayHaveMissed: () => clock.monotonic() - readAtMs >= missedAfterMs,
    change(name, language, changed) {
      changes += 1;
      const languages = templates?.get(name);
      const known = languages?.get(languageKey(language));
      if (languages && known) languages.set(languageKey(language), { ...known, ...changed });
      else isStale = true;
    },
    invalidate() {
      changes += 1;
      isStale = true;
    },
  };
}
