import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkNumbers, checkObject } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { isRecord } from '../../runtime/json.js';
import type { FakeCloudApi, FakeReadyNumber } from '../fake/fake-cloud-api.js';
import { readBody } from '../read-request-body.js';
import { sendTooLarge, serveGraph } from '../serve-graph.js';
import { createAccess } from './access.js';
import { createTyping } from './chat/typing.js';
import { createActivity, type LogQuery } from './log/activity.js';
import { createChanges } from './changes.js';
import { makeView } from './make-view.js';
import { createReceiver } from './receiver.js';
import { createCampaigns } from './play/page-campaigns.js';
import { createPageFaults } from './play/faults.js';
import { runAction } from './play/run-action.js';
import { createScenarios, type Scenario } from './play/scenarios.js';
import { noFrames, sendAsset } from './send-asset.js';
import { sendMedia } from './send-media.js';
import { sendJson, sendText } from './send.js';
import type { RunningClock } from './running-clock.js';
import { sdkScript } from './sdk-script.js';
import { signupDialog } from './signup-dialog.js';
import { parseUrl } from '../../runtime/parse-url.js';

/** Options of {@link createEmulator}. */
export interface EmulatorOptions {
  readonly fake: FakeCloudApi;
  /** The clock of the fake. */
  readonly time: RunningClock;
  /** The number of the `.env` lines. */
  readonly number: FakeReadyNumber;
  readonly host: string;
  readonly port: number;
  /** Scenarios of an earlier run. */
  readonly scenarios?: readonly Scenario[] | undefined;
  /** Maximum number of log entries. @defaultValue 10 000 */
  readonly maxLogEntries?: number | undefined;
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
  /** The variables for a `.env`. */
  readonly env: Readonly<Record<string, string>>;
  /** The saved scenarios. */
  readonly scenarios: readonly Scenario[];
  /** Ends the server and everything that it sends. */
  close(): Promise<void>;
}

/**
 * Serves a fake over HTTP: the Graph API, a page on which you play the phone and the customers, and a replacement for Meta's `sdk.js`. Its own
 * paths begin with `/emulator` and `/page`. All other paths are Meta's.
 *
 * Only requests for the emulator's own hosts are accepted, and pages of other origins can neither read nor change anything under `/emulator`.
 * The Graph API is open to every origin.
 *
 * If the server can't start, the fake and its clock are closed.
 *
 * @throws `InvalidArgumentError` if an option is invalid; the system's error if the port is taken.
 */
export async function createEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { fake, time, number: ownNumber, host, port, webhook, allowedHosts = [], onChange } = options;
  checkObject('createEmulator', 'options', options);
  checkNumbers('createEmulator', options, { port: { min: 0, max: 65_535 } });
  if (typeof host !== 'string' || host === '') throw new InvalidArgumentError('createEmulator', 'host', 'must be a name or an address');
  // The port is not known yet; this checks the option before anything starts.
  let access = createAccess({ host, port }, allowedHosts);
  const receiver = createReceiver(fake);
  if (webhook !== undefined) receiver.set(webhook);
  const campaigns = createCampaigns(fake);
  const changes = createChanges();
  const activity = createActivity(fake, options.maxLogEntries ?? usualMaxLogEntries);
  const typing = createTyping(fake);
  const faults = createPageFaults(fake);
  const scenarios = createScenarios(options.scenarios ?? []);
  const counts = new Map<string, { accepted: number; throttled: number }>();
  const countsOf = (number: string): { accepted: number; throttled: number } => {
    const known = counts.get(number) ?? { accepted: 0, throttled: 0 };
    counts.set(number, known);
    return known;
  };
  for (const { phoneNumberId } of fake.sent) countsOf(phoneNumberId).accepted += 1;
  const changed = (): void => {
    changes.tell();
    onChange?.();
  };
  const stops = [
    fake.on('change', changed),
    fake.on('delivery', changed),
    fake.on('request', ({ method, path, body, status, errorCode }) => {
      const [number = '', edge = ''] = path.split('/');
      const isMessage = method === 'POST' && /^(?:marketing_)?messages$/.test(edge) && body.status === undefined;
      if (isMessage && errorCode === 130429) countsOf(number).throttled += 1;
      if (isMessage && status === 200) countsOf(number).accepted += 1;
      changed();
    }),
    () => {
      activity.close();
    },
    () => {
      typing.close();
    },
  ];
  let url = '';
  const env = (): Readonly<Record<string, string>> => ({
    WHATSAPP_BASE_URL: url,
    WHATSAPP_ACCESS_TOKEN: ownNumber.accessToken,
    WHATSAPP_PHONE_NUMBER_ID: ownNumber.phoneNumberId,
    WHATSAPP_BUSINESS_ACCOUNT_ID: ownNumber.wabaId,
    WHATSAPP_APP_ID: fake.app.id,
    WHATSAPP_APP_SECRET: fake.app.secret,
    WHATSAPP_VERIFY_TOKEN: fake.app.verifyToken,
  });
  let token: string | undefined;
  const send = async (number: string, message: Readonly<Record<string, unknown>>): Promise<unknown> => {
    token ??= fake.issueToken();
    const answer = await fake.answer({
      method: 'POST',
      url: `https://graph.facebook.com/v26.0/${number}/messages`,
      authorization: `Bearer ${token}`,
      contentType: 'application/json',
      body: JSON.stringify({ messaging_product: 'whatsapp', ...message }),
    });
    // The page shows an error in the log, next to those of your program.
    return answer.cut
      ? {}
      : { status: answer.status, response: typeof answer.body === 'string' ? (JSON.parse(answer.body) as unknown) : {} };
  };
  const sources = { fake, receiver, campaigns, activity, typing, faults, scenarios, env, counts: countsOf };
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
      sendJson(response, (await runAction({ fake, receiver, campaigns, faults, scenarios, advance, send }, action)) ?? {});
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
    const target = parseUrl(`http://${requestedHost ?? ''}${request.url ?? '/'}`);
    if (!target) {
      sendText(response, 400, 'The path is not valid.');
      return;
    }
    const [room, name = '', item = ''] = target.pathname.slice(1).split('/');
    if (target.pathname === '/' && request.method === 'GET') return sendAsset(response, 'index.html');
    if (room === 'page') return sendAsset(response, name);
    if (target.pathname === '/sdk.js' || target.pathname.endsWith('/sdk.js')) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(sdkScript(target.origin));
      return;
    }
    if (room !== 'emulator') return serveGraph(fake, request, response);
    if (!access.allowsOrigin(origin)) {
      sendText(response, 403, 'Pages of other origins cannot use the emulator.');
      return;
    }
    const { searchParams } = target;
    switch (`${request.method ?? ''} ${name}`) {
      case 'GET view': {
        const selection = { number: searchParams.get('number') ?? undefined, customer: searchParams.get('customer') ?? undefined };
        sendJson(response, makeView(sources, selection));
        return;
      }
      case 'GET log': {
        if (item === '') {
          sendJson(response, activity.page(logQuery(searchParams)));
          return;
        }
        const details = activity.details(Number(item), { emulator: url, receiver: receiver.url });
        if (details) sendJson(response, details);
        else sendText(response, 404, 'There is no such entry.');
        return;
      }
      case 'GET clock':
        sendJson(response, { nowMs: fake.clock.now() });
        return;
      case 'GET media':
        sendMedia(response, fake.file(item));
        return;
      case 'GET changes':
        changes.add(response);
        return;
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
  url = `http://${host.includes(':') ? `[${host}]` : host}:${String(address.port)}`;
  return {
    url,
    get env() {
      return env();
    },
    get scenarios() {
      return scenarios.saved;
    },
    get webhook() {
      return receiver.url;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const usualMaxLogEntries = 10_000;
/** The longest body of an action, in bytes. */
const maxActionBytes = 1024 * 1024;
/** The opener of the signup dialog is a page of another origin, so that there is no opener policy. */
const everyHeader: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

function logQuery(params: URLSearchParams): LogQuery {
  const kind = params.get('kind');
  const before = params.get('before');
  return {
    ...((kind === 'request' || kind === 'delivery') && { kind }),
    problemsOnly: params.get('problems') === '1',
    text: params.get('text') ?? '',
    ...(before !== null && { before: Number(before) }),
  };
}
