import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkNumbers, checkObject } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { isRecord } from '../../runtime/json.js';
import type { FakeCloudApi } from '../fake/fake-cloud-api.js';
import { readBody } from '../read-body.js';
import { sendTooLarge, serveGraph } from '../serve-graph.js';
import { createAccess } from './access.js';
import { createCampaigns } from './campaigns.js';
import { createChanges } from './changes.js';
import { makeView } from './make-view.js';
import { createReceiver } from './receiver.js';
import { runAction } from './run-action.js';
import type { RunningClock } from './running-clock.js';
import { sdkScript } from './sdk-script.js';
import { signupDialog } from './signup-dialog.js';
import { parseUrl } from '../../runtime/parse-url.js';

/** Options of {@link createEmulator}. */
export interface EmulatorOptions {
  readonly fake: FakeCloudApi;
  /** The clock of the fake. */
  readonly time: RunningClock;
  readonly host: string;
  readonly port: number;
  /** Where webhooks go at first. */
  readonly webhook?: string | undefined;
  /**
   * More names by which the emulator is reached, beyond `localhost`, `127.0.0.1`, `[::1]` and `host`: `name` for every port, `name:port`
   * for one. Requests for other hosts get a 403.
   *
   * @defaultValue none
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Called after anything changed. */
  readonly onChange?: (() => void) | undefined;
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
 * Only requests for the emulator's own hosts are accepted, and pages of other origins can neither read nor change anything under `/emulator`.
 * The Graph API is open to every origin.
 *
 * If the server can't start, the fake and its clock are closed.
 *
 * @throws `InvalidArgumentError` if an option is invalid; the system's error if the port is taken.
 */
export async function createEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { fake, time, host, port, webhook, allowedHosts = [], onChange } = options;
  checkObject('createEmulator', 'options', options);
  checkNumbers('createEmulator', options, { port: { min: 0, max: 65_535 } });
  if (typeof host !== 'string' || host === '') throw new InvalidArgumentError('createEmulator', 'host', 'must be a name or an address');
  // The port is not known yet; this checks the option before anything starts.
  let access = createAccess({ host, port }, allowedHosts);
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

  /** The JSON of a request, or `undefined` if it was answered with an error. */
  const readJson = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    // Pages elsewhere can post forms and plain text to this port, but no JSON without the server's permission.
    if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
      sendText(response, 415, 'Send JSON, with the content type application/json.');
      return undefined;
    }
    const body = await readBody(request, maxActionBytes);
    if (body === undefined) {
      sendTooLarge(request, response);
      return undefined;
    }
    try {
      return JSON.parse(new TextDecoder().decode(body)) as unknown;
    } catch {
      sendText(response, 400, 'The body is not valid JSON.');
      return undefined;
    }
  };
  const act = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const action = await readJson(request, response);
    if (response.headersSent) return;
    try {
      sendJson(response, (await runAction({ fake, receiver, campaigns, advance }, action)) ?? {});
    } catch (error) {
      sendText(response, 400, error instanceof Error ? error.message : String(error));
    }
    changed();
  };
  const report = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const stats = await readJson(request, response);
    if (response.headersSent) return;
    const { number, queued } = isRecord(stats) ? stats : {};
    if (typeof number !== 'string' || !fake.numbers.some(({ phoneNumberId }) => phoneNumberId === number)) {
      sendText(response, 400, '"number" must be the id of a phone number.');
    } else if (typeof queued !== 'number' || !Number.isSafeInteger(queued) || queued < 0) {
      sendText(response, 400, '"queued" must be a whole number.');
    } else {
      campaigns.report(number, { queued });
      sendJson(response, {});
      changed();
    }
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await time.catchUp();
    const { host: requestedHost, origin } = request.headers;
    if (!access.allowsHost(requestedHost)) {
      sendText(response, 403, 'The emulator is not reached by this host name. Name it with --allowed-host (option allowedHosts).');
      return;
    }
    const url = parseUrl(`http://${requestedHost ?? ''}${request.url ?? '/'}`);
    if (!url) {
      sendText(response, 400, 'The path is not valid.');
      return;
    }
    const [room, name = ''] = url.pathname.slice(1).split('/');
    if (url.pathname === '/' && request.method === 'GET') return sendAsset(response, 'index.html');
    if (room === 'page') return sendAsset(response, name);
    if (url.pathname === '/sdk.js' || url.pathname.endsWith('/sdk.js')) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(sdkScript(url.origin));
      return;
    }
    if (room !== 'emulator') return serveGraph(fake, request, response);
    if (!access.allowsOrigin(origin)) {
      sendText(response, 403, 'Pages of other origins cannot use the emulator.');
      return;
    }
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
      case 'GET signup': {
        const nonce = randomUUID();
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self'; img-src data:; connect-src 'self'; ${noFrames}`,
        });
        response.end(signupDialog(fake, searchParams.get('origin') ?? '', nonce));
        return;
      }
      case 'POST actions':
        return act(request, response);
      case 'POST sender':
        return report(request, response);
      default:
        sendText(response, 404, 'The emulator has no such page.');
    }
  };

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(everyHeader)) response.setHeader(name, value);
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendText(response, 500, error instanceof Error ? error.message : String(error));
      else response.destroy();
    });
  });
  const stop = async (): Promise<void> => {
    for (const end of stops) end();
    changes.close();
    await campaigns.close();
    time.close();
    await fake.close();
  };
  try {
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  // A listening TCP server has an address with a port; only pipes have a string.
  const address = server.address() as AddressInfo;
  access = createAccess({ host, port: address.port }, allowedHosts);
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    server.closeAllConnections();
    await closed;
    await stop();
  };
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${String(address.port)}`,
    get webhook() {
      return receiver.url;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The longest body of an action, in bytes. */
const maxActionBytes = 1024 * 1024;
const noFrames = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** The opener of the signup dialog is a page of another origin, so that there is no opener policy. */
const everyHeader: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

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
    'content-security-policy': `default-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; ${noFrames}`,
  });
  response.end(bytes);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
