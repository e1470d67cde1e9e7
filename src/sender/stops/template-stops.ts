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

/** Templates that Meta has stopped: messages with a paused one are held, those with a disabled one refused. */
export interface TemplateStops {
  readonly guard: SendGuard;
  /** Meta reports a change of a template. @throws `StoreError` */
  readonly observe: (event: MessageTemplateStatusUpdateEvent) => Promise<void>;
  /** Meta refused a message. Answers how long it is held if that was for its template's pause (132015). */
  refused(message: OutgoingMessage, phoneNumberId: string, error: WhatsAppError): Hold | undefined;
}

/** What {@link createTemplateStops} works with. */
export interface TemplateStopsOptions {
  /** Where stops are recorded, for all processes. */
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The target of the sender's own client. */
  readonly own: RequestTarget;
  /** The WABA of a number, where it is known. */
  readonly wabaOf: (phoneNumberId: string) => string | undefined;
  /** Milliseconds until the guard checks a message with a paused template again. */
  readonly holdMs: number;
  /** Asks the guards again about messages that match. */
  readonly askAgain: (isOf: (message: OutgoingMessage) => boolean) => void;
}

/** Codes of a template that is paused, and of one that is disabled. Source: Meta, Error codes (Sep 2026). */
const pausedCode = 132_015;
const disabledCode = 132_016;

/**
 * What only an error reported is tried again after an hour: without the webhook `message_template_status_update` Meta doesn't report when a pause
 * ends (the first lasts 3 hours, the second 6). Source: Meta, Template pausing (2025).
 */
export const probeAfterMs = 3_600_000;

/** A refusal is forgotten a little earlier, so that the probe finds nothing on record. */
const refusalTtlMs = probeAfterMs - 2_000;

/**
 * A stop that a webhook reported is forgotten after this time, in case the webhook that ends it was lost: Meta pauses for hours, and rejects
 * a message with a disabled template again.
 */
const reportedTtlMs = { paused: 86_400_000, disabled: 7 * 86_400_000 };

/** Another process's stops are known after this time at the latest. */
const readEveryMs = 1_000;

/** The most stops, and templates without one, that are remembered in memory. */
const maxRemembered = 1_000;

const endings: ReadonlySet<string> = /* @__PURE__ */ new Set(['DISABLED', 'REJECTED', 'DELETED', 'PENDING_DELETION', 'LOCKED']);
const returns: ReadonlySet<string> = /* @__PURE__ */ new Set(['APPROVED', 'REINSTATED', 'UNARCHIVED']);

type Stop = 'paused' | 'disabled';

/** What the store had to say of a template in one place, and when. */
interface Remembered {
  readonly stop: Stop | undefined;
  readonly readAtMs: number;
}

/** Begins with the stops that the store has. */
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
    const { store, own, askAgain } = this.#options;
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
      askAgain((message) => templateOf(message) === template);
    } else if (event === 'PAUSED' || endings.has(event)) {
      const stop: Stop = event === 'PAUSED' ? 'paused' : 'disabled';
      const ofOwn = own.wabaId === undefined && own.phoneNumberId !== undefined ? [numberKeyOf(template, own.phoneNumberId)] : [];
      for (const key of [...ofOwn, ...(wabaId === undefined ? [] : [wabaKeyOf(template, wabaId)])]) {
        await store.set(key, stop, { ttlMs: reportedTtlMs[stop] });
        this.#remember(key, stop);
      }
      // Those held for a pause are refused once the template is gone.
      if (stop === 'disabled') askAgain((message) => templateOf(message) === template);
    }
  };

  refused(message: OutgoingMessage, phoneNumberId: string, error: WhatsAppError): Hold | undefined {
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
      : { verdict: 'refuse', error: new NotSentError('template-disabled') };
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
      // Meta rejects such messages itself.
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

/** The template of a message, by name and language. */
export function templateOf(message: OutgoingMessage): string | undefined {
  if (message.type !== 'template') return undefined;
  // A caller without types may have left anything out.
  const { template } = message as { readonly template?: { readonly name?: unknown; readonly language?: { readonly code?: unknown } } };
  const code = template?.language?.code;
  return typeof template?.name === 'string' && typeof code === 'string' ? nameOf(template.name, code) : undefined;
}

/** Meta writes languages with an underscore, and with a dash as well. */
function nameOf(name: string, language: string): string {
  return `${name}:${language.replaceAll('-', '_')}`;
}
