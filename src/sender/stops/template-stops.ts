import { NotSentError } from '../../errors/not-sent-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import { GraphApiError } from '../../errors/graph-api-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { RequestTarget } from '../../client/client.js';
import type { Clock } from '../../runtime/clock.js';
import { joinKey } from '../../runtime/keys.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import type { MessageTemplateStatusUpdateEvent } from '../../webhooks/fields/templates.js';
import type { GuardVerdict, SendGuard } from '../guard.js';
import type { Hold } from '../queue/number-port.js';

/**
 * Templates that Meta has paused or disabled. Messages with a paused template are delayed, and those with a disabled
 * one are rejected.
 */
export interface TemplateStops {
  readonly guard: SendGuard;
  /** Records a change of a template. @throws `StoreError` */
  readonly observe: (event: MessageTemplateStatusUpdateEvent) => Promise<void>;
  /** Records a rejection by Meta. Returns how long to delay the message if its template is paused (132015). */
  rejected(message: OutgoingMessage, phoneNumberId: string, error: WhatsAppError): Hold | undefined;
}

/** Dependencies of {@link createTemplateStops}. */
export interface TemplateStopsOptions {
  /** Stores stops for all processes. */
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The target of the sender's own client. */
  readonly own: RequestTarget;
  /** Returns the WABA of a number, if it is known. */
  readonly wabaOf: (phoneNumberId: string) => string | undefined;
  /** Milliseconds until the guard checks a message with a paused template again. */
  readonly holdMs: number;
  /** Runs the guards again for matching messages. */
  readonly rerunGuards: (isOf: (message: OutgoingMessage) => boolean) => void;
}

/** Error codes for paused and for disabled templates. Source: Meta, Error codes (Sep 2026). */
const pausedCode = 132_015;
const disabledCode = 132_016;

/**
 * A stop that is only known from an error is probed again after an hour. Without the webhook
 * `message_template_status_update`, Meta doesn't report the end of a pause. The first pause lasts 3 hours, the second
 * 6. Source: Meta, Template pausing (2025).
 */
export const probeAfterMs = 3_600_000;

/** The record of a rejection expires a little before the probe. */
const refusalTtlMs = probeAfterMs - 2_000;

/**
 * Records of reported stops expire, in case the webhook that ends the stop is lost. Meta's pauses last hours, and Meta
 * rejects messages with a disabled template anyway.
 */
const reportedTtlMs = { paused: 86_400_000, disabled: 7 * 86_400_000 };

/** Cache time of stops that other processes may have recorded. */
const readEveryMs = 1_000;

/** Maximum number of cached templates, with and without stops. */
const maxRemembered = 1_000;

const endings: ReadonlySet<string> = /* @__PURE__ */ new Set(['DISABLED', 'REJECTED', 'DELETED', 'PENDING_DELETION', 'LOCKED']);
const returns: ReadonlySet<string> = /* @__PURE__ */ new Set(['APPROVED', 'REINSTATED', 'UNARCHIVED']);

type Stop = 'paused' | 'disabled';

/** Cached data of a template under one store key, with its time. */
interface Remembered {
  readonly stop: Stop | undefined;
  readonly readAtMs: number;
}

/** Creates the stops from the data in the store. */
export function createTemplateStops(options: TemplateStopsOptions): TemplateStops {
  return new StoppedTemplates(options);
}

class StoppedTemplates implements TemplateStops {
  readonly #options: TemplateStopsOptions;
  readonly #remembered = new Map<string, Remembered>();

  constructor(options: TemplateStopsOptions) {
    this.#options = options;
  }

  readonly guard: SendGuard = (message, { phoneNumberId }) => {
    const template = templateOf(message);
    if (template === undefined) return { verdict: 'pass' };
    const keys = this.#keysOf(template, phoneNumberId);
    const known = keys.map((key) => this.#remembered.get(key));
    const isFresh = known.every((one) => one && this.#options.clock.monotonic() - one.readAtMs < readEveryMs);
    return isFresh ? this.#verdictOf(known.find((one) => one?.stop)?.stop) : this.#read(keys);
  };

  readonly observe = async ({ value, wabaId }: MessageTemplateStatusUpdateEvent): Promise<void> => {
    const { store, own, rerunGuards } = this.#options;
    const { event, other_info: info, message_template_name: name, message_template_language: language } = value;
    if (name === undefined || language === undefined) return;
    const template = nameOf(name, language);
    if (returns.has(event) || info?.title === 'UNPAUSE') {
      for (;;) {
        const stops = await store.list(prefixOf(template), { limit: 100 });
        for (const { key } of stops) {
          await store.delete(key);
          this.#remembered.delete(key);
        }
        if (stops.length < 100) break;
      }
      rerunGuards((message) => templateOf(message) === template);
    } else if (event === 'PAUSED' || endings.has(event)) {
      const stop: Stop = event === 'PAUSED' ? 'paused' : 'disabled';
      const ofOwn = own.wabaId === undefined && own.phoneNumberId !== undefined ? [numberKeyOf(template, own.phoneNumberId)] : [];
      for (const key of [...ofOwn, ...(wabaId === undefined ? [] : [wabaKeyOf(template, wabaId)])]) {
        await store.set(key, stop, { ttlMs: reportedTtlMs[stop] });
        this.#remember(key, stop);
      }
      // Messages that waited for a paused template are rejected when it is disabled.
      if (stop === 'disabled') rerunGuards((message) => templateOf(message) === template);
    }
  };

  rejected(message: OutgoingMessage, phoneNumberId: string, error: WhatsAppError): Hold | undefined {
    const template = templateOf(message);
    if (!(error instanceof GraphApiError) || template === undefined) return undefined;
    if (error.code !== pausedCode && error.code !== disabledCode) return undefined;
    const stop: Stop = error.code === pausedCode ? 'paused' : 'disabled';
    const key = numberKeyOf(template, phoneNumberId);
    this.#remember(key, stop);
    this.#options.store.set(key, stop, { ttlMs: refusalTtlMs }).catch((failure: unknown) => {
      this.#options.logger.warn('sender.template_stop_not_recorded', { phoneNumberId, error: failure });
    });
    return stop === 'paused' ? this.#pausedHold() : undefined;
  }

  #pausedHold(): Hold {
    return { reason: 'the template is paused', until: new Date(this.#options.clock.now() + this.#options.holdMs) };
  }

  #remember(key: string, stop: Stop | undefined): void {
    this.#remembered.delete(key);
    this.#remembered.set(key, { stop, readAtMs: this.#options.clock.monotonic() });
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > maxRemembered && oldest !== undefined) this.#remembered.delete(oldest);
  }

  #keysOf(template: string, phoneNumberId: string): readonly string[] {
    const wabaId = this.#options.wabaOf(phoneNumberId);
    const ofNumber = numberKeyOf(template, phoneNumberId);
    return wabaId === undefined ? [ofNumber] : [ofNumber, wabaKeyOf(template, wabaId)];
  }

  #verdictOf(stop: Stop | undefined): GuardVerdict {
    if (stop === undefined) return { verdict: 'pass' };
    return stop === 'paused'
      ? { verdict: 'hold', ...this.#pausedHold() }
      : { verdict: 'reject', error: new NotSentError('template-disabled') };
  }

  async #read(keys: readonly string[]): Promise<GuardVerdict> {
    let found: Stop | undefined;
    try {
      for (const key of keys) {
        const value = (await this.#options.store.get(key))?.value;
        const stop = value === 'paused' || value === 'disabled' ? value : undefined;
        this.#remember(key, stop);
        found ??= stop;
      }
    } catch (error) {
      // Meta rejects such messages anyway.
      this.#options.logger.warn('sender.template_stops_unreadable', { error });
    }
    return this.#verdictOf(found);
  }
}

function prefixOf(template: string): string {
  return `${joinKey('sender', 'template-stop', template)}/`;
}

function numberKeyOf(template: string, phoneNumberId: string): string {
  return prefixOf(template) + joinKey('number', phoneNumberId);
}

function wabaKeyOf(template: string, wabaId: string): string {
  return prefixOf(template) + joinKey('waba', wabaId);
}

/** Returns the template of a message, as name and language. */
export function templateOf(message: OutgoingMessage): string | undefined {
  if (message.type !== 'template') return undefined;
  // Callers without types can omit any member.
  const { template } = message as { readonly template?: { readonly name?: unknown; readonly language?: { readonly code?: unknown } } };
  const code = template?.language?.code;
  return typeof template?.name === 'string' && typeof code === 'string' ? nameOf(template.name, code) : undefined;
}

/** Meta writes languages with an underscore, and sometimes with a dash. */
function nameOf(name: string, language: string): string {
  return `${name}:${language.replaceAll('-', '_')}`;
}
