import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeCloudApi } from '../fake/fake-cloud-api.js';
import { readBody, serveGraph } from '../serve-graph.js';
import { createCampaigns } from './campaigns.js';
import { createChanges } from './changes.js';
import { makeView } from './make-view.js';
import { createReceiver } from './receiver.js';
import { runAction } from './run-action.js';
import type { RunningClock } from './running-clock.js';
import { sdkScript } from './sdk-script.js';
import { signupDialog } from './signup-dialog.js';

/** Options of {@link createEmulator}. */
export interface EmulatorOptions {
  readonly fake: FakeCloudApi;
  /** The clock of the fake. */
  readonly time: RunningClock;
  readonly host: string;
  readonly port: number;
  /** Where webhooks go at first. */
  readonly webhook?: string;
  /** Called after anything changed. */
  readonly onChange?: () => void;
}

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** The client's `baseUrl`, and the address of the page. */
  readonly url: string;
  /** Where webhooks go now. */
  readonly webhook: string | undefined;
  /** Ends the server and everything that it sends. */
  close(): Promise<void>;
}

/**
 * Serves a fake over HTTP: the Graph API, a page to play phone and customer on, and a stand-in for Meta's `sdk.js`. The paths of its own
 * begin with `/emulator` and `/page`; everything else is Meta's.
 *
 * @throws `TypeError` if `webhook` is no address; what `listen` throws where the port is taken.
 */
export async function createEmulator({ fake, time, host, port, webhook, onChange }: EmulatorOptions): Promise<Emulator> {
  const receiver = createReceiver(fake);
  if (webhook !== undefined) receiver.set(webhook);
  const campaigns = createCampaigns(fake);
  const changes = createChanges();
  const throttled = new Map<string, number>();
  const changed = (): void => {
    changes.tell();
    onChange?.();
  };
  const stops = [
    fake.on('change', changed),
    fake.on('delivery', changed),
    fake.on('request', ({ path, errorCode }) => {
      if (errorCode === 130429) {
        const [number = ''] = path.split('/');
        throttled.set(number, (throttled.get(number) ?? 0) + 1);
      }
      changed();
    }),
  ];
  const sources = { fake, receiver, campaigns, throttled: (number: string) => throttled.get(number) ?? 0 };
  const advance = (ms: number): Promise<void> => time.advance(ms, () => receiver.rest());

  const act = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // A page elsewhere can post a form to this port, but no JSON without the server's leave.
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
      sendText(response, 415, 'Send JSON, with its content type.');
      return;
    }
    try {
      const action: unknown = JSON.parse(new TextDecoder().decode(await readBody(request)));
      sendJson(response, (await runAction({ fake, receiver, campaigns, advance }, action)) ?? {});
    } catch (error) {
      sendText(response, 400, error instanceof Error ? error.message : String(error));
    }
    changed();
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await time.catchUp();
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? host}`);
    const [room, name = ''] = url.pathname.slice(1).split('/');
    if (url.pathname === '/' && request.method === 'GET') return sendAsset(response, 'index.html');
    if (room === 'page') return sendAsset(response, name);
    if (url.pathname === '/sdk.js' || url.pathname.endsWith('/sdk.js')) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(sdkScript(url.origin));
      return;
    }
    if (room !== 'emulator') return serveGraph(fake, request, response);
    const { searchParams } = url;
    switch (`${request.method ?? ''} ${name}`) {
      case 'GET view': {
        const selection = { number: searchParams.get('number') ?? undefined, customer: searchParams.get('customer') ?? undefined };
        sendJson(response, makeView(sources, selection));
        return;
      }
      case 'GET changes':
        changes.add(response);
        return;
      case 'GET deliveries': {
        const delivery = fake.deliveries.find(({ id }) => String(id) === url.pathname.split('/').at(-1));
        if (delivery) response.writeHead(200, { 'content-type': 'application/json' }).end(delivery.body);
        else sendText(response, 404, 'There is no such delivery.');
        return;
      }
      case 'GET signup':
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
        response.end(signupDialog(fake, searchParams.get('origin') ?? ''));
        return;
      case 'POST actions':
        return act(request, response);
      case 'POST sender': {
        const { number, queued } = JSON.parse(new TextDecoder().decode(await readBody(request))) as { number: string; queued: number };
        campaigns.report(number, { queued });
        sendJson(response, {});
        changed();
        return;
      }
      default:
        sendText(response, 404, 'The emulator has no such page.');
    }
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendText(response, 500, error instanceof Error ? error.message : String(error));
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // A listening TCP server has an address with a port; only pipes have a string.
  const address = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const stop of stops) stop();
    changes.close();
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    server.closeAllConnections();
    await closed;
    await campaigns.close();
    time.close();
    await fake.close();
  };
  return {
    url: `http://${host}:${String(address.port)}`,
    get webhook() {
      return receiver.url;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const assetTypes: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'main.js': 'text/javascript; charset=utf-8',
};

async function sendAsset(response: ServerResponse, name: string): Promise<void> {
  const type = Object.hasOwn(assetTypes, name) ? assetTypes[name] : undefined;
  if (type === undefined) {
    sendText(response, 404, 'The page has no such file.');
    return;
  }
  const bytes = await readFile(new URL(`page/${name}`, import.meta.url));
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': "default-src 'self' data:; style-src 'self' 'unsafe-inline'",
  });
  response.end(bytes);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
