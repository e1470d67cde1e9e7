import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, createCoexistence, createSender, type Client, type Coexistence, type Sender } from 'wa-coexist';
import { sqliteStore } from 'wa-coexist/sqlite';
import { createFakeCloudApi, listen, type FakeCloudApi, type FakeHistory, type FakeNumber } from 'wa-coexist/testing';
import { createWebhooks, type Webhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';

/** What the phone of the shop holds before it is onboarded. */
const pastOfThePhone = { contacts: 40, threads: 60, messages: 6000, days: 180 };

/** Everything the demo plays with: Meta's side, made up, and ours, real. */
export interface World extends AsyncDisposable {
  /** Meta with its businesses, phones and customers, served over TCP. */
  readonly fake: FakeCloudApi;
  /** The number of the shop, at first in the Business app alone. */
  readonly shop: FakeNumber;
  /** What the phone holds. */
  readonly past: FakeHistory;
  /** A client of the whole platform: app id and secret, and a token for each WABA. */
  readonly platform: Client;
  readonly webhooks: Webhooks;
  readonly coexistence: Coexistence;
  /** A client and a sender of the shop; the token is there once it is onboarded. */
  readonly client: Client;
  readonly sender: Sender;
  /** Where all of it listens and writes. */
  readonly places: { readonly graph: string; readonly receiver: string; readonly store: string };
}

/** Starts the fake Cloud API and the receiver on free ports of this machine, and a SQLite store in a temporary folder. */
export async function startWorld(): Promise<World> {
  const cleanUp = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'wa-coexist-demo-'));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));

  // Meta's side.
  const fake = cleanUp.use(createFakeCloudApi({ seed: 7, delivery: { shuffle: true, duplicateShare: 0.2 } }));
  const graph = cleanUp.use(await listen(fake));
  const shop = fake.businessAppNumber({ displayPhoneNumber: '+1 555-010-0123', verifiedName: 'Harbor Bakery' });
  const past = fake.phone(shop).seedHistory(pastOfThePhone);
  fake.phone(shop).configureHistorySync({ chunkMessages: 150 });

  // Our side: through the public face of the package alone, as an application would.
  const store = sqliteStore(join(folder, 'state.db'));
  cleanUp.defer(() => store.close());
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, store });
  const server = createServer(toNodeHandler(webhooks));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const receiver = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
  fake.deliverTo(receiver);

  const tokens = new Map<string, string>();
  const platform = createClient({
    baseUrl: graph.url,
    appId: fake.app.id,
    appSecret: fake.app.secret,
    accessToken: ({ wabaId }) => tokens.get(wabaId ?? ''),
  });
  const coexistence = cleanUp.use(
    createCoexistence({
      client: platform,
      webhooks,
      store,
      history: { quietMs: 300 },
      costs: { keepMs: 30 * 86_400_000 },
      // The people of the demo type faster than any app greets.
      handoff: { automaticMs: 0 },
      sweepIntervalMs: false,
      saveToken: ({ wabaId, token }) => {
        if (wabaId !== undefined) tokens.set(wabaId, token);
      },
    }),
  );
  const client = platform.for({ wabaId: shop.wabaId, phoneNumberId: shop.phoneNumberId, coexistence: true });
  const sender = cleanUp.use(createSender({ client, throughput: 'coexistence', store, webhooks }));
  // First of all: it waits for handlers, which need the others.
  cleanUp.defer(() => webhooks.close());

  const everything = cleanUp.move();
  return {
    fake,
    shop,
    past,
    platform,
    webhooks,
    coexistence,
    client,
    sender,
    places: { graph: graph.url, receiver, store: join(folder, 'state.db') },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
