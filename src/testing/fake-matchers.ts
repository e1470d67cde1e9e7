import { isRecord } from '../runtime/json.js';
import { parseWebhook } from '../webhooks/parsing/parse-webhook.js';
import type { WebhookEvent } from '../webhooks/fields/registry.js';
import type { FakeCloudApi, FakeSentMessage } from './fake/fake-cloud-api.js';
import type { FakeDelivery } from './fake/fake-delivery.js';
import { digitsOf } from './fake/digits.js';
import type { FakeRequestRecord } from './fake/fake-request.js';

/** A text, a pattern, or a matcher of your test runner, such as `expect.stringContaining('rye')`. */
export type FakeTextMatch =
  | string
  | RegExp
  | {
      /** Whether a text matches. */
      readonly asymmetricMatch: (other: unknown) => boolean;
    };

/** A message of {@link FakeMatchers.toHaveSent}. Missing members match everything. */
export interface FakeSentMatch {
  /** The recipient's number, in any format. */
  readonly to?: FakeTextMatch | undefined;
  /** For example `'image'`. */
  readonly type?: FakeTextMatch | undefined;
  /** The text, caption, or body of an interactive message. */
  readonly text?: FakeTextMatch | undefined;
  /** Name of the template. */
  readonly template?: FakeTextMatch | undefined;
  /** The number that sent it. */
  readonly phoneNumberId?: FakeTextMatch | undefined;
  /** The current status. */
  readonly status?: FakeSentMessage['status'] | undefined;
}

/** A request of {@link FakeMatchers.toHaveRequested}. Missing members match everything. */
export interface FakeRequestMatch {
  readonly method?: string | undefined;
  /** Path without version, for example `/messages$/`. */
  readonly path?: FakeTextMatch | undefined;
  readonly status?: number | undefined;
  /** Meta's code, if the request failed. */
  readonly errorCode?: number | undefined;
}

/** A webhook of {@link FakeMatchers.toHaveDelivered}. Missing members match everything. */
export interface FakeDeliveryMatch {
  /** The type of an event in it, as in `webhooks.on(type)`. */
  readonly event?: WebhookEvent['type'] | undefined;
  /** A webhook field in it, for example `smb_message_echoes`. */
  readonly field?: string | undefined;
  readonly state?: FakeDelivery['state'] | undefined;
}

/** The matchers of {@link fakeMatchers}, as they appear on `expect(fake)`. */
export interface FakeMatchers<Result> {
  /** The fake accepted a message like this one. */
  toHaveSent(message?: FakeSentMatch): Result;
  /** A program sent a request like this one, accepted or not. */
  toHaveRequested(request?: FakeRequestMatch): Result;
  /** The fake created a webhook like this one. */
  toHaveDelivered(delivery?: FakeDeliveryMatch): Result;
}

/** The result of a matcher, for `expect.extend`. */
export interface FakeMatcherResult {
  readonly pass: boolean;
  /** Returns the text of the failure. */
  readonly message: () => string;
}

/**
 * Matchers of a fake for `expect`. Import `wa-coexist/testing/vitest` or `wa-coexist/testing/jest` to register them with
 * their types. In other test runners, call `expect.extend(fakeMatchers)`.
 *
 * @example
 * ```ts
 * import { createFakeCloudApi } from 'wa-coexist/testing';
 * import { fakeMatchers } from 'wa-coexist/testing/node';
 *
 * const fake = createFakeCloudApi();
 * const { pass } = fakeMatchers.toHaveSent(fake, { text: /rye bread/ });
 * console.log(pass);
 * ```
 */
export const fakeMatchers: {
  /** Passes if a number sent a message like this. */
  readonly toHaveSent: (fake: FakeCloudApi, message?: FakeSentMatch) => FakeMatcherResult;
  /** Passes if the fake received a request like this. */
  readonly toHaveRequested: (fake: FakeCloudApi, request?: FakeRequestMatch) => FakeMatcherResult;
  /** Passes if the fake delivered a webhook like this. */
  readonly toHaveDelivered: (fake: FakeCloudApi, delivery?: FakeDeliveryMatch) => FakeMatcherResult;
} = {
  toHaveSent: (fake, wanted = {}) =>
    resultOf('sent a message', wanted, fake.sent, {
      matches: (message) => {
        const { to, type, text, template, phoneNumberId, status } = wanted;
        const recipient = typeof to === 'string' ? digitsOf(to) : to;
        return (
          matches(recipient, message.to) &&
          matches(type, message.type) &&
          matches(text, textOf(message)) &&
          matches(template, templateOf(message)) &&
          matches(phoneNumberId, message.phoneNumberId) &&
          (status === undefined || status === message.status)
        );
      },
      describe: (message) => `${message.type} to ${message.to}${describeText(templateOf(message) ?? textOf(message))} (${message.status})`,
    }),
  toHaveRequested: (fake, wanted = {}) =>
    resultOf('received a request', wanted, fake.requests, {
      matches: (request) =>
        (wanted.method === undefined || wanted.method === request.method) &&
        matches(wanted.path, request.path) &&
        (wanted.status === undefined || wanted.status === request.status) &&
        (wanted.errorCode === undefined || wanted.errorCode === request.errorCode),
      describe: describeRequest,
    }),
  toHaveDelivered: (fake, wanted = {}) =>
    resultOf('created a webhook', wanted, fake.deliveries, {
      matches: (delivery) =>
        (wanted.state === undefined || wanted.state === delivery.state) &&
        (wanted.field === undefined || delivery.fields.includes(wanted.field)) &&
        (wanted.event === undefined || eventsOf(delivery).some((type) => type === wanted.event)),
      describe: (delivery) => `#${String(delivery.id)} ${eventsOf(delivery).join(', ')} (${delivery.state})`,
    }),
};

const maxListed = 10;

function resultOf<Item>(
  what: string,
  wanted: object,
  items: readonly Item[],
  { matches: isMatch, describe }: { readonly matches: (item: Item) => boolean; readonly describe: (item: Item) => string },
): FakeMatcherResult {
  const found = items.filter(isMatch);
  const pass = found.length > 0;
  return {
    pass,
    message: () => {
      const shown = (pass ? found : items).slice(-maxListed).map((item) => `\n  ${describe(item)}`);
      const list = items.length === 0 ? ' There were none.' : `${pass ? ' It did:' : ' There were:'}${shown.join('')}`;
      return `Expected that the fake ${pass ? 'has not' : 'has'} ${what} like ${describeWanted(wanted)}.${list}`;
    },
  };
}

function describeWanted(wanted: object): string {
  return JSON.stringify(wanted, (_key, value: unknown) => (value instanceof RegExp ? String(value) : value));
}

function matches(wanted: FakeTextMatch | undefined, actual: string | undefined): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'string') return wanted === actual;
  // A pattern with the flag `g` remembers where its last match ended.
  if (wanted instanceof RegExp) return actual !== undefined && new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, '')).test(actual);
  return wanted.asymmetricMatch(actual);
}

function textOf({ type, body }: FakeSentMessage): string | undefined {
  const content = body[type];
  if (!isRecord(content)) return undefined;
  const text = isRecord(content.body) ? content.body.text : (content.body ?? content.caption);
  return typeof text === 'string' ? text : undefined;
}

function templateOf({ body: { template } }: FakeSentMessage): string | undefined {
  return isRecord(template) && typeof template.name === 'string' ? template.name : undefined;
}

function describeText(text: string | undefined): string {
  return text === undefined ? '' : `: ${JSON.stringify(text)}`;
}

function describeRequest({ method, path, status, errorCode }: FakeRequestRecord): string {
  return `${method} /${path} (${status === undefined ? 'no response' : String(status)}${errorCode === undefined ? '' : `, code ${String(errorCode)}`})`;
}

function eventsOf({ body }: FakeDelivery): readonly string[] {
  return [...parseWebhook(JSON.parse(body))].map(({ type }) => type);
}
