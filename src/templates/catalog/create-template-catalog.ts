import type { Client } from '../../client/client.js';
import { wabaIdOf } from '../../client/require-target.js';
import { checkFunction, checkMethods, checkNumbers, checkObject, describeValue, readOptions } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import { resolveClock } from '../../runtime/clock-guard.js';
import type { Clock } from '../../runtime/clock.js';
import { isRecord } from '../../runtime/json.js';
import { resolveLogger } from '../../runtime/logger-guard.js';
import type { Logger } from '../../runtime/logger.js';
import { checkTemplate } from '../list-template-problems.js';
import type { MessageTemplate } from '../message-template.js';
import { isTemplateEvent, observeTemplates, type TemplateEvent, type TemplateWebhooks } from './observe-templates.js';
import { createWabaTemplates, languageKey, type TemplatesByName, type WabaTemplates } from './waba-templates.js';

export type { TemplateEvent, TemplateWebhookRegistration, TemplateWebhooks } from './observe-templates.js';

/** A message of any type. The catalog checks those with a template. */
export interface CatalogMessage {
  readonly type?: string;
  readonly template?: unknown;
}

/** The decision of the guard of a catalog. */
export type TemplateGuardVerdict = { readonly verdict: 'pass' } | { readonly verdict: 'reject'; readonly error: WhatsAppError };

/** Guard for the option `guards` of a sender. */
export interface TemplateGuard {
  (message: CatalogMessage, context: { readonly phoneNumberId: string }): TemplateGuardVerdict | Promise<TemplateGuardVerdict>;
  /** `sender.plan()` also calls this guard. */
  readonly inPlans: true;
}

/** Options of {@link createTemplateCatalog}. */
export interface TemplateCatalogOptions {
  /**
   * Webhooks of the accounts. Their events update the cache immediately.
   * @defaultValue you call {@link TemplateCatalog.observe}, or changes apply after `ttlMs`
   */
  readonly webhooks?: TemplateWebhooks | undefined;
  /** Milliseconds for which the cache is valid. @defaultValue 600 000 (10 minutes) */
  readonly ttlMs?: number | undefined;
  /**
   * Returns the WABA of a number, for example from your database. Messages of a number without a WABA pass.
   * @defaultValue the client's WABA for all numbers
   */
  readonly wabaOf?: ((phoneNumberId: string) => string | undefined | Promise<string | undefined>) | undefined;
  /** @defaultValue the client's clock */
  readonly clock?: Clock | undefined;
  /** @defaultValue the client's logger */
  readonly logger?: Logger | undefined;
}

/** The WABA of a call. @defaultValue the client's */
interface OfWaba {
  readonly wabaId?: string | undefined;
}

/** Cached templates of one or many accounts. See {@link createTemplateCatalog}. */
export interface TemplateCatalog {
  /** Rejects messages with unknown, paused or unapproved templates, and messages that don't match their template. */
  readonly guard: TemplateGuard;
  /**
   * Checks one message as {@link guard} does.
   *
   * @throws `InvalidArgumentError` with the path in your values, or {@link NotSentError} if Meta paused or stopped
   * the template.
   */
  check(message: CatalogMessage, options?: OfWaba): Promise<void>;
  /** Returns a template, or `undefined` if the account doesn't have it. @throws the errors of `listTemplates` */
  get(name: string, language: string, options?: OfWaba): Promise<MessageTemplate | undefined>;
  /** Returns all templates of an account. @throws the errors of `listTemplates` */
  list(options?: OfWaba): Promise<readonly MessageTemplate[]>;
  /** Reads the templates of an account again. @throws the errors of `listTemplates` */
  refresh(options?: OfWaba): Promise<void>;
  /** Updates the cache from an event of a template. Ignores other events. The option `webhooks` calls it. */
  observe(event: TemplateEvent): void;
  /** Removes the handlers from `webhooks`. */
  close(): void;
}

const pass = { verdict: 'pass' } as const;
const defaultTtlMs = 600_000;

/**
 * How long the guard waits for a read. The guards of a sender have 10 seconds by default. If a guard takes longer, the
 * sender rejects the message.
 */
const maxWaitMs = 8_000;

/** Maximum number of cached accounts. The least recently used is evicted. */
const maxAccounts = 1_000;

/**
 * Creates a catalog of the templates of an account. As a guard of a sender, it rejects wrong messages before the request:
 * unknown, paused and unapproved templates, and values that don't match. `sender.plan()` then checks a campaign before
 * its first message.
 *
 * The catalog reads the account on first use, and caches it in memory. If it can't read the account, or not within 8
 * seconds, it uses the templates of the last read. Without them, messages pass and Meta checks them. It caches the
 * 1,000 accounts that were used last. In several processes, each catalog learns from the webhooks that its process
 * receives, and from its next read.
 *
 * @param client - A client of the account. Permission: `whatsapp_business_management`.
 * @param options - Webhooks, and how long the cache is valid. See {@link TemplateCatalogOptions}.
 * @returns The catalog. It needs no cleanup without `webhooks`.
 * @throws `InvalidArgumentError`
 *
 * @example
 * ```ts
 * import { createClient, createSender } from 'wa-coexist';
 * import { createTemplateCatalog } from 'wa-coexist/templates';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'token' });
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922', wabaId: '102290129340398' });
 * const catalog = createTemplateCatalog(client, { webhooks });
 * const sender = createSender({ client, webhooks, guards: [catalog.guard] });
 * console.log(sender.stats().queued);
 * ```
 */
export function createTemplateCatalog(client: Client, options: TemplateCatalogOptions = {}): TemplateCatalog {
  return readOptions('createTemplateCatalog', options, (copy) => buildCatalog(client, copy));
}

function buildCatalog(client: Client, options: TemplateCatalogOptions): TemplateCatalog {
  const { webhooks, ttlMs = defaultTtlMs, wabaOf } = options;
  checkNumbers<TemplateCatalogOptions>('createTemplateCatalog', options, { ttlMs: { unit: 'ms', min: 0 } });
  checkFunction('createTemplateCatalog', 'wabaOf', wabaOf);
  if (webhooks !== undefined) checkMethods('createTemplateCatalog', 'webhooks', webhooks, ['on', 'off']);
  const logger = resolveLogger(options.logger ?? client.logger);
  const clock = resolveClock(options.clock ?? client.clock, logger);
  const accounts = new Map<string, WabaTemplates>();
  const accountOf = (wabaId: string): WabaTemplates => {
    const account =
      accounts.get(wabaId) ?? createWabaTemplates({ client: client.for({ ...client.target, wabaId }), wabaId, ttlMs, clock, logger });
    // The last account in the map is the most recently used one.
    accounts.delete(wabaId);
    accounts.set(wabaId, account);
    const [oldest] = accounts.keys();
    if (accounts.size > maxAccounts && oldest !== undefined) accounts.delete(oldest);
    return account;
  };
  const requireAccount = (action: string, given: OfWaba | undefined): WabaTemplates => accountOf(wabaIdOf(client, action, given?.wabaId));
  const errorLater = async (message: CatalogMessage, wabaId: string, waitMs?: number): Promise<WhatsAppError | undefined> => {
    const account = accountOf(wabaId);
    const startedAtMs = clock.monotonic();
    const templates = await account.load(waitMs);
    if (!templates) return undefined;
    const error = errorOf(message, templates, wabaId);
    const reference = referenceOf(message);
    // A new or edited template may not be in the cache yet.
    if (!error || !reference || !account.mayHaveMissed(reference.name, reference.code)) return error;
    account.expire();
    const again = await account.load(waitMs && waitMs - (clock.monotonic() - startedAtMs));
    return again && errorOf(message, again, wabaId);
  };
  const verdictOf = (error: WhatsAppError | undefined): TemplateGuardVerdict => (error ? { verdict: 'reject', error } : pass);
  const guardIn = (wabaId: string | undefined, message: CatalogMessage): TemplateGuardVerdict | Promise<TemplateGuardVerdict> => {
    if (wabaId === undefined) return pass;
    const templates = accountOf(wabaId).fresh();
    if (templates && !errorOf(message, templates, wabaId)) return pass;
    return errorLater(message, wabaId, maxWaitMs).then(verdictOf);
  };
  const guard = (
    message: CatalogMessage,
    context: { readonly phoneNumberId: string },
  ): TemplateGuardVerdict | Promise<TemplateGuardVerdict> => {
    if (message.type !== 'template') return pass;
    const { phoneNumberId } = context;
    const waba = wabaOf ? wabaOf(phoneNumberId) : client.target.wabaId;
    if (typeof waba !== 'object') return guardIn(waba, message);
    return waba.then(
      (wabaId) => guardIn(wabaId, message),
      (error: unknown) => {
        logger.warn('templates.waba_not_found', { phoneNumberId, error });
        return pass;
      },
    );
  };
  const observe = (event: TemplateEvent): void => {
    if (!isTemplateEvent(event)) return;
    for (const [wabaId, account] of accounts) {
      if (event.wabaId === undefined || event.wabaId === wabaId) observeTemplates(account, event);
    }
  };
  const unwire = webhooks && wire(webhooks, observe);

  return {
    guard: Object.assign(guard, { inPlans: true as const }),
    async check(message, given) {
      checkObject('catalog.check', 'message', message);
      const wabaId = wabaIdOf(client, 'catalog.check', given?.wabaId);
      const error = message.type === 'template' ? await errorLater(message, wabaId) : undefined;
      if (error) throw error;
    },
    async get(name, language, given) {
      checkText('catalog.get', 'name', name);
      checkText('catalog.get', 'language', language);
      const account = requireAccount('catalog.get', given);
      return (account.fresh() ?? (await account.refresh())).get(name)?.get(languageKey(language));
    },
    async list(given) {
      const account = requireAccount('catalog.list', given);
      const templates = account.fresh() ?? (await account.refresh());
      return [...templates.values()].flatMap((languages) => [...languages.values()]);
    },
    async refresh(given) {
      await requireAccount('catalog.refresh', given).refresh();
    },
    observe,
    close() {
      unwire?.();
    },
  };
}

function checkText(action: string, name: string, value: unknown): void {
  if (typeof value !== 'string') throw new InvalidArgumentError(action, name, `must be a string, but is ${describeValue(value)}`);
}

function wire(webhooks: TemplateWebhooks, observe: (event: TemplateEvent) => void): () => void {
  const each = (register: TemplateWebhooks['on']): void => {
    register('message_template_status_update', observe);
    register('message_template_quality_update', observe);
    register('message_template_components_update', observe);
    register('template_category_update', observe);
  };
  each(webhooks.on);
  return () => {
    each(webhooks.off);
  };
}

/** Statuses of templates that Meta doesn't send. Unknown statuses pass, because Meta may add some. */
const unsendable: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'PENDING',
  'REJECTED',
  'IN_APPEAL',
  'PENDING_DELETION',
  'DELETED',
  'DISABLED',
  'ARCHIVED',
  'LOCKED',
  'LIMIT_EXCEEDED',
]);

/** Returns the name and the language of a message's template. */
function referenceOf({ template }: CatalogMessage): { readonly name: string; readonly code: string } | undefined {
  const { name, language }: Readonly<Record<string, unknown>> = isRecord(template) ? template : {};
  const code = isRecord(language) ? language.code : undefined;
  return typeof name === 'string' && typeof code === 'string' ? { name, code } : undefined;
}

/** Returns the reason why a message can't be sent. */
function errorOf(message: CatalogMessage, templates: TemplatesByName, wabaId: string): WhatsAppError | undefined {
  const reference = referenceOf(message);
  if (!reference) return undefined;
  const { name, code } = reference;
  const languages = templates.get(name);
  if (!languages)
    return new InvalidArgumentError(`template ${name}`, 'name', `doesn't exist in the account ${wabaId}. Check the name and the account`);
  const template = languages.get(languageKey(code));
  if (!template) {
    const others = [...languages.values()].map(({ language }) => language).join(', ');
    return new InvalidArgumentError(`template ${name}`, 'language', `${code} doesn't exist in the account ${wabaId}, which has ${others}`);
  }
  if (template.status === 'PAUSED') return new NotSentError('template-paused');
  if (unsendable.has(template.status)) {
    return new InvalidArgumentError(`template ${name}`, 'status', `is ${template.status}. Meta sends only approved templates`);
  }
  try {
    checkTemplate(template, message);
  } catch (error) {
    if (error instanceof WhatsAppError) return error;
    throw error;
  }
  return undefined;
}
