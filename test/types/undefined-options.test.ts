import { expect, test } from 'vitest';
import type {
  ClientOptions,
  CoexistenceOptions,
  MediaParameters,
  ListTemplatesParameters,
  PlanOptions,
  RequestOptions,
  RequestTarget,
  SendAllOptions,
  SenderOptions,
  SendOptions,
  UploadMediaParameters,
} from 'wa-coexist';
import type { BullSenderOptions } from 'wa-coexist/bullmq';
import type { LaunchSignupOptions, SignupUrlOptions } from 'wa-coexist/embedded-signup';
import type { FlowEndpointOptions } from 'wa-coexist/flows';
import type { D1StoreOptions } from 'wa-coexist/d1';
import type { WhatsAppModuleAsyncOptions } from 'wa-coexist/nestjs';
import type { RedisStoreOptions } from 'wa-coexist/redis';
import type { TenantRecord, TenantsOptions } from 'wa-coexist/tenants';
import type { SqliteMirrorOptions, SqliteStoreOptions } from 'wa-coexist/sqlite';
import type { FakeClockOptions, FakeCloudApiOptions, FakeCustomerOptions, FakeNumberOptions } from 'wa-coexist/testing';
import type { WebhookDelivery, WebhooksBaseOptions, WebhooksOptions } from 'wa-coexist/webhooks';
import type { LambdaHandlerOptions } from 'wa-coexist/webhooks/node';

/** The names of optional properties. */
type OptionalKey<Options> = {
  [Key in keyof Options]-?: Partial<Pick<Options, Key>> extends Pick<Options, Key> ? Key : never;
}[keyof Options];

/** The same options with `undefined` passed to every optional property. */
type AllUndefined<Options> = Omit<Options, OptionalKey<Options>> & { readonly [Key in OptionalKey<Options>]: undefined };

type AcceptsUndefined<Options> = AllUndefined<Options> extends Options ? true : false;

interface Exact {
  readonly name?: string;
}

/** Compiled by `tsc -p test/tsconfig.json`, never run. */
export function compiles(): readonly unknown[] {
  // @ts-expect-error An option that is not `| undefined` would be found.
  const counterexample: AcceptsUndefined<Exact> = true;
  const client: AcceptsUndefined<ClientOptions> = true;
  const target: AcceptsUndefined<RequestTarget> = true;
  const request: AcceptsUndefined<RequestOptions> = true;
  const webhooks: AcceptsUndefined<WebhooksBaseOptions> = true;
  const delivery: AcceptsUndefined<WebhookDelivery> = true;
  const inline: WebhooksOptions = { appSecret: 's', verifyToken: 'v', mode: undefined };
  const queue: WebhooksOptions = { appSecret: 's', verifyToken: 'v', mode: 'enqueue', enqueue: () => undefined, maxItemBytes: undefined };
  const sender: AcceptsUndefined<SenderOptions> = true;
  const bullSender: AcceptsUndefined<BullSenderOptions> = true;
  const send: AcceptsUndefined<SendOptions> = true;
  const sendAll: AcceptsUndefined<SendAllOptions> = true;
  const plan: AcceptsUndefined<PlanOptions> = true;
  const coexistence: AcceptsUndefined<CoexistenceOptions> = true;
  const onboarding: AcceptsUndefined<NonNullable<CoexistenceOptions['onboarding']>> = true;
  const history: AcceptsUndefined<NonNullable<CoexistenceOptions['history']>> = true;
  const heartbeat: AcceptsUndefined<NonNullable<CoexistenceOptions['heartbeat']>> = true;
  const handoff: AcceptsUndefined<NonNullable<CoexistenceOptions['handoff']>> = true;
  const serviceWindow: AcceptsUndefined<NonNullable<CoexistenceOptions['serviceWindow']>> = true;
  const costs: AcceptsUndefined<NonNullable<CoexistenceOptions['costs']>> = true;
  const fake: AcceptsUndefined<FakeCloudApiOptions> = true;
  const fakeNumber: AcceptsUndefined<FakeNumberOptions> = true;
  const fakeCustomer: AcceptsUndefined<FakeCustomerOptions> = true;
  const clock: AcceptsUndefined<FakeClockOptions> = true;
  const flows: AcceptsUndefined<FlowEndpointOptions> = true;
  const signup: AcceptsUndefined<LaunchSignupOptions> = true;
  const url: AcceptsUndefined<SignupUrlOptions> = true;
  const redis: AcceptsUndefined<RedisStoreOptions> = true;
  const d1: AcceptsUndefined<D1StoreOptions> = true;
  const tenants: AcceptsUndefined<TenantsOptions<TenantRecord>> = true;
  const tenant: AcceptsUndefined<TenantRecord> = true;
  const nest: AcceptsUndefined<WhatsAppModuleAsyncOptions> = true;
  const lambda: AcceptsUndefined<LambdaHandlerOptions> = true;
  const sqlite: AcceptsUndefined<SqliteStoreOptions> = true;
  const mirror: AcceptsUndefined<SqliteMirrorOptions> = true;
  const media: AcceptsUndefined<MediaParameters> = true;
  const upload: AcceptsUndefined<UploadMediaParameters> = true;
  const templates: AcceptsUndefined<ListTemplatesParameters> = true;
  return [
    counterexample,
    inline,
    queue,
    ...[client, target, request, webhooks, sender, bullSender, send, sendAll, plan, coexistence, onboarding, history],
    ...[heartbeat, handoff, serviceWindow, costs, fake, fakeNumber, fakeCustomer, clock, flows, signup, url, redis, sqlite, mirror],
    ...[media, upload, templates, delivery, d1, tenants, tenant, nest, lambda],
  ];
}

test('options accept undefined, checked by the compiler', () => {
  expect(compiles).toBeTypeOf('function');
});
