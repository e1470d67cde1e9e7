import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkNumbers, checkObject } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { FakeCloudApi, FakeReadyNumber } from '../fake/fake-cloud-api.js';
import { idleConnectionMs } from '../serve-graph.js';
import { createAccess } from './access.js';
import { createChanges } from './changes.js';
import { createCustomerList } from './customer-list.js';
import { createTyping } from './chat/typing.js';
import { createApiSender } from './create-api-sender.js';
import { createActivity } from './log/activity.js';
import { createMessageCounts } from './message-counts.js';
import type { PageContext } from './page-routes.js';
import { createCampaigns } from './play/page-campaigns.js';
import { createPageFaults } from './play/faults.js';
import { createScenarios, type Scenario } from './play/scenarios.js';
import { createReceiver } from './receiver.js';
import type { RunningClock } from './running-clock.js';
import { sendText } from './send.js';
import { serveEmulator } from './serve-emulator.js';

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
  const { fake, time, host, port, webhook, allowedHosts = [] } = options;
  checkObject('createEmulator', 'options', options);
  checkNumbers('createEmulator', options, { port: { min: 0, max: 65_535 } });
  if (typeof host !== 'string' || host === '') throw new InvalidArgumentError('createEmulator', 'host', 'must be a name or an address');
  // The port is not known yet; this checks the option before anything starts.
  let access = createAccess({ host, port }, allowedHosts);
  let url = '';
  const { context, stop } = createContext(options, () => url);
  if (webhook !== undefined) context.receiver.set(webhook);
  const server = createServer({ keepAliveTimeout: idleConnectionMs }, (request, response) => {
    for (const [name, value] of Object.entries(everyHeader)) response.setHeader(name, value);
    serveEmulator(context, time, access, request, response).catch((error: unknown) => {
      if (!response.headersSent) sendText(response, 500, error instanceof Error ? error.message : String(error));
      else response.destroy();
    });
  });
  const stopAll = async (): Promise<void> => {
    await stop();
    time.close();
    await fake.close();
  };
  try {
    await listen(server, port, host);
  } catch (error) {
    await stopAll();
    throw error;
  }
  // A listening TCP server has an address with a port; only pipes have a string.
  const address = server.address() as AddressInfo;
  access = createAccess({ host, port: address.port }, allowedHosts);
  url = `http://${host.includes(':') ? `[${host}]` : host}:${String(address.port)}`;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    server.closeAllConnections();
    await closed;
    await stopAll();
  };
  return {
    url,
    get env() {
      return context.env();
    },
    get scenarios() {
      return context.scenarios.saved;
    },
    get webhook() {
      return context.receiver.url;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const usualMaxLogEntries = 10_000;
/** The opener of the signup dialog is a page of another origin, so that there is no opener policy. */
const everyHeader: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

/** Creates the parts of an emulator, which follow the fake until `stop`. */
function createContext(
  { fake, time, number, scenarios, maxLogEntries = usualMaxLogEntries, onChange }: EmulatorOptions,
  url: () => string,
): { readonly context: PageContext; readonly stop: () => Promise<void> } {
  const receiver = createReceiver(fake);
  const campaigns = createCampaigns(fake);
  const changes = createChanges();
  const activity = createActivity(fake, maxLogEntries);
  const typing = createTyping(fake);
  const customers = createCustomerList(fake);
  const counts = createMessageCounts(fake);
  const changed = (): void => {
    changes.tell();
    onChange?.();
  };
  const stops = [
    fake.on('change', changed),
    fake.on('delivery', changed),
    fake.on('request', (request) => {
      counts.note(request);
      changed();
    }),
  ];
  const context: PageContext = {
    fake,
    receiver,
    campaigns,
    activity,
    customers,
    typing,
    changes,
    changed,
    url,
    faults: createPageFaults(fake),
    scenarios: createScenarios(scenarios ?? []),
    counts: counts.of,
    env: () => environmentOf(fake, number, url()),
    send: createApiSender(fake),
    advance: (ms) => time.advance(ms, () => receiver.rest()),
  };
  const stop = async (): Promise<void> => {
    for (const end of stops) end();
    activity.close();
    customers.close();
    typing.close();
    changes.close();
    await campaigns.close();
  };
  return { context, stop };
}

/** The variables for a `.env`. */
function environmentOf(fake: FakeCloudApi, number: FakeReadyNumber, url: string): Readonly<Record<string, string>> {
  return {
    WHATSAPP_BASE_URL: url,
    WHATSAPP_ACCESS_TOKEN: number.accessToken,
    WHATSAPP_PHONE_NUMBER_ID: number.phoneNumberId,
    WHATSAPP_BUSINESS_ACCOUNT_ID: number.wabaId,
    WHATSAPP_APP_ID: fake.app.id,
    WHATSAPP_APP_SECRET: fake.app.secret,
    WHATSAPP_VERIFY_TOKEN: fake.app.verifyToken,
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, host, resolve);
  });
}
