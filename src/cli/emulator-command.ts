import { parseArgs } from 'node:util';
import { createEmulator } from '../testing/emulator/create-emulator.js';
import { emulatedWorld } from '../testing/emulator/emulated-world.js';
import { signupNumbers } from '../testing/emulator/signup-dialog.js';
import type { FakeCloudApi } from '../testing/fake/fake-cloud-api.js';
import { systemClock } from '../runtime/clock.js';
import { describeUrlProblem, describeUsageError, exitDone, exitFailed, exitUsage, type Command } from './command.js';

const help = `Usage: wa-coexist emulator [--port N] [--host ADDRESS] [--webhook URL] [--seed N] [--state FILE]
                           [--allowed-host NAME]… [--max-messages N]

Serves a Cloud API of your own with a coexistence number, its phone and its customers, and a page to play them on.
Any client whose base URL can be set works against it.

--port N         4004 by default; 0 takes any free one
--host ADDRESS   127.0.0.1 by default; whoever reaches the port can do everything, so leave it unless you are in a container
--webhook URL    where webhooks go; the page can set it, too
--seed N         ids and everything else drawn by lot come from it: the same seed, the same world
--state FILE     keeps the world in a file, across restarts
--allowed-host NAME
                 another name that the emulator is reached by, besides localhost, 127.0.0.1 and [::1]: NAME or NAME:PORT; can be
                 given several times. Requests for other hosts are rejected
--max-messages N 10000 by default: how many messages are stored; the oldest are dropped

Example: wa-coexist emulator --webhook http://127.0.0.1:3000/webhook`;

/** How long changes gather before the state is written. */
const savePauseMs = 500;

/** `wa-coexist emulator`. */
export const emulatorCommand: Command = {
  summary: 'serves a fake Cloud API with a page to play phone and customer on',
  help,
  endsOnSignal: true,
  async run(args, { write, writeError, signal }) {
    const options = readArguments(args);
    if (typeof options === 'string') {
      writeError(`wa-coexist emulator: ${options}\n\n${help}`);
      return exitUsage;
    }
    try {
      const { fake, time, number, webhook, save } = await emulatedWorld(options);
      let saving: Promise<void> = Promise.resolve();
      let cancel: (() => void) | undefined;
      const saveSoon = (): void => {
        cancel ??= systemClock.schedule(() => {
          cancel = undefined;
          saving = saving
            .then(() => save(emulator.webhook))
            .catch((error: unknown) => {
              writeError(error instanceof Error ? error.message : String(error));
            });
        }, savePauseMs);
      };
      const address = options.webhook ?? webhook;
      const emulator = await createEmulator({
        ...options,
        fake,
        time,
        ...(address !== undefined && { webhook: address }),
        onChange: saveSoon,
      });
      const { url } = emulator;
      write(`Page and base URL: ${url}
Stand-in for Meta's sdk.js: ${url}/sdk.js

WHATSAPP_BASE_URL=${url}
WHATSAPP_ACCESS_TOKEN=${number.accessToken}
WHATSAPP_PHONE_NUMBER_ID=${number.phoneNumberId}
WHATSAPP_BUSINESS_ACCOUNT_ID=${number.wabaId}
WHATSAPP_APP_ID=${fake.app.id}
WHATSAPP_APP_SECRET=${fake.app.secret}
WHATSAPP_VERIFY_TOKEN=${fake.app.verifyToken}

${notYetOnApi(fake)}Webhooks go to ${emulator.webhook ?? 'nobody yet: name an address with --webhook or on the page'}.`);
      await ended(signal);
      cancel?.();
      await saving;
      try {
        await save(emulator.webhook);
      } finally {
        await emulator.close();
      }
      return exitDone;
    } catch (error) {
      writeError(`wa-coexist emulator: ${describeFailure(error, options)}`);
      return exitFailed;
    }
  },
};

/** What went wrong, and what to do about it. */
function describeFailure(error: unknown, { host, port }: EmulatorArguments): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const address = `${host}:${String(port)}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${address} is in use, perhaps by another emulator. Choose another port with --port, or any free one with --port 0.`;
    case 'EACCES':
      // The state file has errors of its own.
      if ('syscall' in (error as Error) && (error as NodeJS.ErrnoException).syscall === 'listen')
        return `${address} may not be used without more rights. Choose a port above 1023 with --port.`;
      break;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `this machine has no address ${host}. Choose another with --host.`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** The numbers for Embedded Signup, which a script needs the ids of. */
function notYetOnApi(fake: FakeCloudApi): string {
  return signupNumbers(fake)
    .filter(({ linked }) => !linked)
    .map(({ phoneNumberId, verifiedName }) => `On the Business app alone, for Embedded Signup: ${verifiedName}, number ${phoneNumberId}\n`)
    .join('');
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

interface EmulatorArguments {
  readonly port: number;
  readonly host: string;
  readonly webhook?: string;
  readonly seed?: number;
  readonly file?: string;
  readonly allowedHosts?: readonly string[];
  readonly maxMessages: number;
}

/** What the arguments ask for, or what is wrong with them. */
function readArguments(args: readonly string[]): EmulatorArguments | string {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '4004' },
        host: { type: 'string', default: '127.0.0.1' },
        webhook: { type: 'string' },
        seed: { type: 'string' },
        state: { type: 'string' },
        'allowed-host': { type: 'string', multiple: true },
        'max-messages': { type: 'string', default: '10000' },
      },
    }));
  } catch (error) {
    return describeUsageError(error);
  }
  const { port, host, webhook, seed, state, 'allowed-host': allowedHosts, 'max-messages': maxMessages } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return `--port ${JSON.stringify(port)} is no port.`;
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) return `--seed ${JSON.stringify(seed)} is no whole number.`;
  if (host === '') return '--host is empty.';
  if (state === '') return '--state is empty.';
  if (!/^[1-9]\d{0,7}$/.test(maxMessages)) return `--max-messages ${JSON.stringify(maxMessages)} is no whole number from 1 to 99999999.`;
  if (allowedHosts?.some((name) => !/^[\w.:[\]-]+$/.test(name))) return '--allowed-host must be a host name, with a port or without.';
  const urlProblem = webhook === undefined ? undefined : describeUrlProblem('--webhook', webhook);
  if (urlProblem !== undefined) return urlProblem;
  return {
    port: Number(port),
    host,
    ...(webhook !== undefined && { webhook }),
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(state !== undefined && { file: state }),
    ...(allowedHosts && { allowedHosts }),
    maxMessages: Number(maxMessages),
  };
}
