import { parseArgs } from 'node:util';
import { isRecord } from '../runtime/json.js';
import type { WebhookEvent } from '../webhooks/fields/registry.js';
import { signBody } from '../webhooks/sign.js';
import { sampleEvent, sampleEventNames } from '../testing/payloads/sample-event.js';
import type { WebhookPayloadOverrides } from '../testing/payloads/payload-overrides.js';
import { webhookPayload } from '../testing/payloads/webhook-payload.js';
import {
  describeUrlProblem,
  describeUsage,
  describeUsageError,
  exitDone,
  exitFailed,
  exitUsage,
  type Command,
  type CommandContext,
} from './command.js';

const defaultEmulator = 'http://127.0.0.1:4004';

const help = `Usage: wa-coexist trigger EVENT [--to URL] [--secret SECRET] [--emulator URL]
       wa-coexist trigger --list

Makes an event happen. Without --to, it happens in the emulator: the customer or the phone does what causes the event, so that a message
opens the customer service window. For events without such an action, the emulator sends a sample webhook. Its log shows the response.
With --to, the command sends a sample webhook to your receiver.

EVENT               the type of the event, as in webhooks.on(type). You can add the type of a message or status, for example message.image
--to URL            the address of your receiver. The command signs the webhook and posts it there, without an emulator
--secret SECRET     the app secret of the receiver. The default is the environment variable WHATSAPP_APP_SECRET
--emulator URL      the address of the emulator. The default is WHATSAPP_BASE_URL, otherwise ${defaultEmulator}
--list              prints all events
--env-file FILE     reads environment variables from a file

Examples: wa-coexist trigger message.image
          wa-coexist trigger status.failed --to http://127.0.0.1:3000/webhooks --env-file .env`;

/** `wa-coexist trigger`. */
export const triggerCommand: Command = {
  summary: 'makes an event happen in the emulator, or sends a sample webhook',
  help,
  async run(args, context) {
    const options = readArguments(args, context.env);
    if (typeof options === 'string') {
      context.writeError(describeUsage('trigger', options, help));
      return exitUsage;
    }
    if (options.action === 'list') {
      for (const name of sampleEventNames()) context.write(name);
      return exitDone;
    }
    return options.action === 'post' ? postSample(options, context) : triggerInEmulator(options, context);
  },
};

interface PostOptions {
  readonly action: 'post';
  readonly event: string;
  readonly to: string;
  readonly secret: string;
}
interface EmulatorOptions {
  readonly action: 'emulator';
  readonly event: string;
  readonly emulator: string;
}

async function postSample({ event, to, secret }: PostOptions, { write, writeError, fetch, env }: CommandContext): Promise<number> {
  const { type, overrides } = sampleEvent(event);
  const place = { phoneNumberId: env['WHATSAPP_PHONE_NUMBER_ID'], wabaId: env['WHATSAPP_BUSINESS_ACCOUNT_ID'] };
  const known = Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined && value !== ''));
  // `sampleEvent` returns the overrides of the type.
  const values = { ...known, ...overrides } as WebhookPayloadOverrides[WebhookEvent['type']];
  const body = JSON.stringify(webhookPayload(type, values));
  try {
    const response = await fetch(to, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signBody(body, secret) },
      body,
      redirect: 'manual',
    });
    const text = (await response.text())
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, 200);
    write(`${String(response.status)}  ${event}${text === '' || response.status === 200 ? '' : `: ${text}`}`);
    if (response.status === 401) write('-> 401: the secret differs from the appSecret of the receiver.');
    return response.status === 200 ? exitDone : exitFailed;
  } catch {
    writeError(`wa-coexist trigger: the receiver did not respond. Check that it is running, and its address in --to.`);
    return exitFailed;
  }
}

async function triggerInEmulator({ event, emulator }: EmulatorOptions, { write, writeError, fetch, env }: CommandContext): Promise<number> {
  try {
    const number = env['WHATSAPP_PHONE_NUMBER_ID'] ?? (await firstNumber(emulator, fetch));
    const response = await fetch(`${emulator}/emulator/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ do: 'webhook.trigger', number, event }),
    });
    if (response.ok) {
      const result: unknown = await response.json();
      write(`${event}: ${describeCause(isRecord(result) ? result.by : undefined)}`);
      return exitDone;
    }
    writeError(`wa-coexist trigger: ${await response.text()}`);
  } catch {
    writeError(
      `wa-coexist trigger: no emulator responds at ${emulator}. Start one with wa-coexist emulator, or pass --to with your receiver.`,
    );
  }
  return exitFailed;
}

/** Describes who caused the event. */
function describeCause(by: unknown): string {
  if (by === 'customer') return 'the customer of the emulator does this now. The emulator sends the webhook to its receiver.';
  if (by === 'phone') return 'the phone of the emulator does this now. The emulator sends the webhook to its receiver.';
  return 'the emulator sends a sample webhook to its receiver. Its chats and numbers stay as they are.';
}

async function firstNumber(emulator: string, fetch: CommandContext['fetch']): Promise<string> {
  const view: unknown = await (await fetch(`${emulator}/emulator/view`)).json();
  const phone = isRecord(view) ? view.phone : undefined;
  return isRecord(phone) && typeof phone.phoneNumberId === 'string' ? phone.phoneNumberId : '';
}

/** Returns the options, or a description of the problem. */
function readArguments(
  args: readonly string[],
  env: CommandContext['env'],
): PostOptions | EmulatorOptions | { readonly action: 'list' } | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { to: { type: 'string' }, secret: { type: 'string' }, emulator: { type: 'string' }, list: { type: 'boolean' } },
    });
  } catch (error) {
    return describeUsageError(error);
  }
  const { to, secret = env['WHATSAPP_APP_SECRET'], emulator = env['WHATSAPP_BASE_URL'] ?? defaultEmulator, list } = parsed.values;
  if (list === true) return { action: 'list' };
  const [event, ...others] = parsed.positionals;
  if (event === undefined) return 'EVENT is missing. To see all events, run: wa-coexist trigger --list';
  if (others.length > 0) return 'there is more than one EVENT.';
  if (!sampleEventNames().includes(event))
    return `there is no event ${JSON.stringify(event)}. To see all events, run: wa-coexist trigger --list`;
  const problem = to === undefined ? describeUrlProblem('--emulator', emulator) : describeUrlProblem('--to', to);
  if (problem !== undefined) return problem;
  if (to === undefined) return { action: 'emulator', event, emulator: emulator.replace(/\/$/, '') };
  if (secret === undefined || secret === '') return 'the app secret of the receiver is missing. Set WHATSAPP_APP_SECRET, or pass --secret.';
  return { action: 'post', event, to, secret };
}
