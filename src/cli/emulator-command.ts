import { parseArgs } from 'node:util';
import { createEmulator } from '../testing/emulator/create-emulator.js';
import { emulatedWorld } from '../testing/emulator/emulated-world.js';
import { signupNumbers } from '../testing/emulator/signup-dialog.js';
import type { FakeCloudApi } from '../testing/fake/fake-cloud-api.js';
import { systemClock } from '../runtime/clock.js';
import { exitDone, exitFailed, exitUsage, type Command } from './command.js';

const help = `Usage: wa-coexist emulator [--port N] [--host ADDRESS] [--webhook URL] [--seed N] [--state FILE]

Serves a Cloud API of your own with a coexistence number, its phone and its customers, and a page to play them on.
Any client whose base URL can be set works against it.

--port N         4004 by default; 0 takes any free one
--host ADDRESS   127.0.0.1 by default; whoever reaches the port can do everything, so leave it unless you are in a container
--webhook URL    where webhooks go; the page can set it, too
--seed N         ids and everything else drawn by lot come from it: the same seed, the same world
--state FILE     keeps the world in a file, across restarts

Example: wa-coexist emulator --webhook http://127.0.0.1:3000/webhook`;

/** How long changes gather before the state is written. */
const savePauseMs = 500;

/** `wa-coexist emulator`. */
export const emulatorCommand: Command = {
  summary: 'serves a fake Cloud API with a page to play phone and customer on',
  help,
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
              writeError(`The state could not be written: ${String(error)}`);
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
      await save(emulator.webhook);
      await emulator.close();
      return exitDone;
    } catch (error) {
      writeError(`wa-coexist emulator: ${error instanceof Error ? error.message : String(error)}`);
      return exitFailed;
    }
  },
};

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
      },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { port, host, webhook, seed, state } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return `--port ${JSON.stringify(port)} is no port.`;
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) return `--seed ${JSON.stringify(seed)} is no whole number.`;
  if (webhook !== undefined && !/^https?:$/.test(URL.parse(webhook)?.protocol ?? ''))
    return `--webhook ${JSON.stringify(webhook)} is no http or https URL.`;
  return {
    port: Number(port),
    host,
    ...(webhook !== undefined && { webhook }),
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(state !== undefined && { file: state }),
  };
}
