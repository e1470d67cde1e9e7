import { NotSentError } from '../../errors/not-sent-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import { GraphApiError } from '../../errors/graph-api-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { Clock } from '../../runtime/clock.js';
import type { MessageTemplateStatusUpdateEvent } from '../../webhooks/events/templates.js';
import type { SendGuard } from '../guard.js';
import type { Hold } from '../number-sender.js';

/** Templates that Meta has stopped: messages with a paused one are held, those with a disabled one refused. */
export interface TemplateStops {
  readonly guard: SendGuard;
  /** Meta tells of a template. */
  readonly observe: (event: MessageTemplateStatusUpdateEvent) => void;
  /** Meta refused a message. Answers how long it is held if that was for its template's pause (132015). */
  refused(message: OutgoingMessage, phoneNumberId: string, error: WhatsAppError): Hold | undefined;
}

/** What {@link createTemplateStops} works with. */
export interface TemplateStopsOptions {
  readonly clock: Clock;
  /** The WABA of a number, where it is known, and whether the number is the sender's own. */
  readonly placeOf: (phoneNumberId: string) => { readonly wabaId: string | undefined; readonly isOwn: boolean };
  /** Asks the guards again of messages with a template. */
  readonly askAgain: (template: string) => void;
}

/** Codes of a template that is paused, and of one that is disabled. Source: Meta, Error codes (Sep 2026). */
const pausedCode = 132_015;
const disabledCode = 132_016;

/**
 * What only a refusal told is tried again after an hour: without the webhook `message_template_status_update` nobody tells when a pause
 * ends (the first lasts 3 hours, the second 6). Source: Meta, Template pausing (2025).
 */
const probeAfterMs = 3_600_000;

const endings: ReadonlySet<string> = /* @__PURE__ */ new Set(['DISABLED', 'REJECTED', 'DELETED', 'PENDING_DELETION', 'LOCKED']);
const returns: ReadonlySet<string> = /* @__PURE__ */ new Set(['APPROVED', 'REINSTATED', 'UNARCHIVED']);

interface Stop {
  readonly type: 'paused' | 'disabled';
  /** When it is not trusted any more; `Infinity` where a webhook told, and will tell of its end. */
  readonly untilMs: number;
}

/** Begins with no stops. */
export function createTemplateStops({ clock, placeOf, askAgain }: TemplateStopsOptions): TemplateStops {
  const stops = new Map<string, Stop>();
  const pausedHold = (): Hold => ({ reason: 'the template is paused', until: new Date(clock.now() + probeAfterMs) });
  const stopOf = (template: string, phoneNumberId: string): Stop | undefined => {
    const { wabaId, isOwn } = placeOf(phoneNumberId);
    const places = [`number/${phoneNumberId}`, wabaId === undefined ? (isOwn ? 'own' : undefined) : `waba/${wabaId}`];
    for (const place of places) {
      const key = `${place ?? ''}/${template}`;
      const stop = stops.get(key);
      if (stop && stop.untilMs > clock.now()) return stop;
      stops.delete(key);
    }
    return undefined;
  };
  return {
    guard: (message, { phoneNumberId }) => {
      const template = templateOf(message);
      const stop = template === undefined || stops.size === 0 ? undefined : stopOf(template, phoneNumberId);
      if (!stop) return { verdict: 'pass' };
      return stop.type === 'paused'
        ? { verdict: 'hold', ...pausedHold() }
        : { verdict: 'refuse', error: new NotSentError('template-disabled') };
    },
    observe({ value, wabaId }) {
      const { event, other_info: info, message_template_name: name, message_template_language: language } = value;
      if (name === undefined || language === undefined) return;
      const template = nameOf(name, language);
      const places = ['own', ...(wabaId === undefined ? [] : [`waba/${wabaId}`])];
      if (returns.has(event) || info?.title === 'UNPAUSE') {
        for (const key of [...stops.keys()]) if (key.endsWith(`/${template}`)) stops.delete(key);
        askAgain(template);
      } else if (event === 'PAUSED' || endings.has(event)) {
        const type = event === 'PAUSED' ? 'paused' : 'disabled';
        for (const place of places) stops.set(`${place}/${template}`, { type, untilMs: Infinity });
        // Those held for a pause are refused once the template is gone.
        if (type === 'disabled') askAgain(template);
      }
    },
    refused(message, phoneNumberId, error) {
      const template = templateOf(message);
      if (!(error instanceof GraphApiError) || template === undefined) return undefined;
      if (error.code !== pausedCode && error.code !== disabledCode) return undefined;
      const type = error.code === pausedCode ? 'paused' : 'disabled';
      stops.set(`number/${phoneNumberId}/${template}`, { type, untilMs: clock.now() + probeAfterMs });
      return type === 'paused' ? pausedHold() : undefined;
    },
  };
}

/** The template of a message, by name and language. */
export function templateOf(message: OutgoingMessage): string | undefined {
  return message.type === 'template' ? nameOf(message.template.name, message.template.language.code) : undefined;
}

/** Meta writes languages with an underscore, and with a dash as well. */
function nameOf(name: string, language: string): string {
  return `${name}:${language.replaceAll('-', '_')}`;
}
