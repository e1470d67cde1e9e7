import type { Client } from '../../client/client.js';
import type { Clock } from '../../runtime/clock.js';
import { isRecord } from '../../runtime/json.js';
import type { Logger } from '../../runtime/logger.js';
import { within } from '../../runtime/within.js';
import { listTemplates } from '../list-templates.js';
import type { MessageTemplate } from '../message-template.js';

/** Templates of one account, by name and language. */
export type TemplatesByName = ReadonlyMap<string, ReadonlyMap<string, MessageTemplate>>;

/** Fields of a template that an event changes. */
export type TemplateChange = Partial<Pick<MessageTemplate, 'status' | 'category' | 'quality_score'>>;

/** A change of one template, from an event. */
export interface TemplateUpdate {
  readonly name: string;
  readonly language: string;
  readonly fields: TemplateChange;
  /** Time of the event, by Meta's clock. */
  readonly occurredAt: Date | undefined;
}

/** The cached templates of one account. */
export interface WabaTemplates {
  /** Returns the templates if the cache is fresh. */
  fresh(): TemplatesByName | undefined;
  /** Returns fresh templates. If the account can't be read within `maxWaitMs`, returns earlier ones or `undefined`. */
  load(maxWaitMs?: number): Promise<TemplatesByName | undefined>;
  /** Reads the templates again. @throws the error of `listTemplates` */
  refresh(): Promise<TemplatesByName>;
  /**
   * Whether the cache may be too old to reject a message with a template. A status that an event reported after the read
   * is never too old.
   */
  mayHaveMissed(name: string, language: string): boolean;
  /** Makes the next use read all templates again, or wait for the read in progress. */
  expire(): void;
  /** Changes a template. If the cache doesn't contain it, the next use reads all templates again. */
  change(update: TemplateUpdate): void;
  /** Makes the next use read all templates again, because the account changed. A read in progress is outdated. */
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

/** Meta's clock and this one may differ. An event is older than a read only if its time is earlier by more than this. */
const clockToleranceMs = 60_000;

/** How long the cache is valid after an event that may not show the current state. */
const doubtfulMs = 10_000;

const pageSize = 250;

/** Fields that the catalog needs. Meta omits the quality unless it is requested. */
const fields = ['id', 'name', 'language', 'status', 'category', 'components', 'parameter_format', 'quality_score'];

/** Normalizes a language to an underscore. Meta also uses a dash. */
export function languageKey(language: string): string {
  return language.replaceAll('-', '_');
}

function templateKey(name: string, language: string): string {
  return `${name}\n${languageKey(language)}`;
}

/** Creates the cache of one account. It reads the account on first use. */
export function createWabaTemplates(options: WabaTemplatesOptions): WabaTemplates {
  return new TemplateCache(options);
}

/** A read of the account that is in progress. */
interface PendingRead {
  readonly startedAtMs: number;
  readonly templates: Promise<TemplatesByName>;
  /** Settles with the read, and never rejects. */
  readonly done: Promise<void>;
  isReportedSlow: boolean;
}

class TemplateCache implements WabaTemplates {
  readonly #options: WabaTemplatesOptions;
  #templates: Map<string, Map<string, MessageTemplate>> | undefined;
  /** When the last read started, in monotonic milliseconds. */
  #readAtMs = -Infinity;
  /** When the last read started, by the wall clock. */
  #readAt = -Infinity;
  #isStale = true;
  /** Until when the cache is valid after a doubtful event. */
  #doubtfulUntilMs = Infinity;
  #failedAtMs = -Infinity;
  /** Number of changes of the account. A change during a read makes its result outdated. */
  #changes = 0;
  /** Changes since the start of the read in progress, whose result may not contain them. */
  #sinceStart: TemplateUpdate[] = [];
  /** Times of the latest events, by template and kind of change. */
  #changedAt = new Map<string, number>();
  /** Templates whose status an event reported after the read. */
  #reported = new Set<string>();
  #pending: PendingRead | undefined;

  constructor(options: WabaTemplatesOptions) {
    this.#options = options;
  }

  fresh(): TemplatesByName | undefined {
    const { clock, ttlMs } = this.#options;
    const nowMs = clock.monotonic();
    return !this.#isStale && nowMs - this.#readAtMs < ttlMs && nowMs < this.#doubtfulUntilMs ? this.#templates : undefined;
  }

  refresh(): Promise<TemplatesByName> {
    return this.#read().templates;
  }

  async load(maxWaitMs = Infinity): Promise<TemplatesByName | undefined> {
    const known = this.fresh();
    if (known) return known;
    const { clock, logger, wabaId } = this.#options;
    if (!this.#pending && clock.monotonic() - this.#failedAtMs < retryAfterMs) return this.#templates;
    const read = this.#read();
    if (maxWaitMs === Infinity) await read.done;
    else {
      const leftMs = maxWaitMs - (clock.monotonic() - read.startedAtMs);
      const waited = leftMs > 0 ? await within(clock, leftMs, () => read.done) : undefined;
      if (waited?.type !== 'done' && !read.isReportedSlow) {
        read.isReportedSlow = true;
        logger.warn('templates.catalog_slow', { wabaId, maxWaitMs });
      }
    }
    return this.#templates;
  }

  mayHaveMissed(name: string, language: string): boolean {
    if (this.#reported.has(templateKey(name, language))) return false;
    return this.#options.clock.monotonic() - this.#readAtMs >= missedAfterMs;
  }

  expire(): void {
    this.#isStale = true;
  }

  invalidate(): void {
    this.#changes += 1;
    this.#isStale = true;
  }

  change(update: TemplateUpdate): void {
    const key = JSON.stringify([update.name, languageKey(update.language), Object.keys(update.fields)]);
    const latestAt = this.#changedAt.get(key) ?? -Infinity;
    const at = update.occurredAt?.getTime();
    if (at !== undefined && at < latestAt) return;
    // A late event, or one of several in the same second, applies only until the next read.
    const isDoubtful = at !== undefined && (at === latestAt || at < this.#readAt - clockToleranceMs);
    if (isDoubtful) this.#doubtfulUntilMs = Math.min(this.#doubtfulUntilMs, this.#options.clock.monotonic() + doubtfulMs);
    this.#changes += 1;
    if (this.#pending) this.#sinceStart.push(update);
    if (!this.#templates || !apply(this.#templates, update)) {
      this.#isStale = true;
      return;
    }
    if (at !== undefined) this.#changedAt.set(key, at);
    if (update.fields.status !== undefined) this.#reported.add(templateKey(update.name, update.language));
  }

  #read(): PendingRead {
    if (this.#pending) return this.#pending;
    const { clock, logger, wabaId } = this.#options;
    const templates = this.#readUnchanged().finally(() => {
      this.#pending = undefined;
      this.#sinceStart = [];
    });
    const done = templates.then(
      () => undefined,
      (error: unknown) => {
        this.#failedAtMs = clock.monotonic();
        logger.warn('templates.catalog_unreadable', { wabaId, error });
      },
    );
    this.#pending = { startedAtMs: clock.monotonic(), templates, done, isReportedSlow: false };
    return this.#pending;
  }

  async #readUnchanged(): Promise<TemplatesByName> {
    const { clock } = this.#options;
    for (let reads = 1; ; reads += 1) {
      const before = this.#changes;
      this.#sinceStart = [];
      const [startedAtMs, startedAt] = [clock.monotonic(), clock.now()];
      const found = await this.#readAll();
      const isChanged = this.#changes !== before;
      if (isChanged && reads < maxReads) continue;
      this.#reported = new Set();
      for (const update of this.#sinceStart) {
        const isKnown = apply(found, update);
        if (isKnown && update.fields.status !== undefined) this.#reported.add(templateKey(update.name, update.language));
      }
      this.#templates = found;
      this.#readAtMs = startedAtMs;
      this.#readAt = startedAt;
      this.#isStale = isChanged;
      this.#doubtfulUntilMs = Infinity;
      this.#forgetMissing(found);
      return found;
    }
  }

  async #readAll(): Promise<Map<string, Map<string, MessageTemplate>>> {
    const { client, wabaId } = this.#options;
    const found = new Map<string, Map<string, MessageTemplate>>();
    for await (const template of listTemplates(client, { wabaId, fields, limit: pageSize })) {
      if (!isTemplate(template)) continue;
      let languages = found.get(template.name);
      if (!languages) {
        languages = new Map<string, MessageTemplate>();
        found.set(template.name, languages);
      }
      languages.set(languageKey(template.language), template);
    }
    return found;
  }

  /** Forgets the events of templates that don't exist any more. */
  #forgetMissing(found: TemplatesByName): void {
    for (const key of this.#changedAt.keys()) {
      const [name = '', language = ''] = JSON.parse(key) as readonly string[];
      if (found.get(name)?.has(language) !== true) this.#changedAt.delete(key);
    }
  }
}

/** One malformed element must not hide all other templates. */
function isTemplate(value: unknown): value is MessageTemplate {
  return isRecord(value) && typeof value.name === 'string' && typeof value.language === 'string';
}

/** Changes a template. Returns whether it exists. */
function apply(templates: ReadonlyMap<string, Map<string, MessageTemplate>>, { name, language, fields: changed }: TemplateUpdate): boolean {
  const languages = templates.get(name);
  const known = languages?.get(languageKey(language));
  if (!languages || !known) return false;
  languages.set(languageKey(language), { ...known, ...changed });
  return true;
}
