import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createEmulator } from '../testing/emulator/create-emulator.js';
import { emulatedWorld } from '../testing/emulator/emulated-world.js';
import { signupNumbers } from '../testing/emulator/signup-dialog.js';
import { deliveryEntry, requestEntry } from '../testing/emulator/log/entry-view.js';
import type { FakeCloudApi } from '../testing/fake/fake-cloud-api.js';
import { systemClock } from '../runtime/clock.js';
import { limitHeapGrowth } from './limit-heap-growth.js';
import { createPaint, deliveryLine, requestLine, type Paint } from './terminal.js';
import { describeUrlProblem, describeUsage, describeUsageError, exitDone, exitFailed, exitUsage, type Command } from './command.js';

const help = `Usage: wa-coexist emulator [--port N] [--host ADDRESS] [--webhook URL] [--seed N] [--state FILE]
                           [--write-env FILE] [--allowed-host NAME]… [--max-messages N]

Serves a fake Cloud API with a coexistence number, its phone and its customers, and a page to play them.
Every client with a configurable base URL can use it. Prints a line for each request and each webhook.

--port N         4004 by default. 0 selects any free port
--host ADDRESS   127.0.0.1 by default. Everyone who reaches the port has full control, so change it only in a container
--webhook URL    the address of your receiver. You can also set it on the page
--seed N         the seed of IDs and all random values. The same seed creates the same data
--state FILE     stores the state in a file, across restarts
--write-env FILE writes the variables below to a .env file, and preserves its other lines
--allowed-host NAME
                 another host name of the emulator, besides localhost, 127.0.0.1 and [::1]: NAME or NAME:PORT. You can repeat it.
                 The emulator rejects requests for other hosts
--max-messages N the number of stored messages, 10000 by default. The emulator removes the oldest ones

Example: wa-coexist emulator --webhook http://127.0.0.1:3000/webhook`;

/** Delay before the state is written, to collect changes. */
const savePauseMs = 500;

/** `wa-coexist emulator`. */
export const emulatorCommand: Command = {
  summary: 'serves a fake Cloud API with a page for the phone and the customers',
  help,
  endsOnSignal: true,
  async run(args, { write, writeError, signal, colors = 'plain' }) {
    const options = readArguments(args);
    if (typeof options === 'string') {
      writeError(describeUsage('emulator', options, help));
      return exitUsage;
    }
    limitHeapGrowth();
    try {
      const { fake, time, number, webhook, scenarios, save } = await emulatedWorld(options);
      let saving: Promise<void> = Promise.resolve();
      let cancel: (() => void) | undefined;
      const saveSoon = (): void => {
        cancel ??= systemClock.schedule(() => {
          cancel = undefined;
          saving = saving
            .then(() => save(emulator.webhook, emulator.scenarios))
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
        number,
        scenarios,
        maxLogEntries: options.maxMessages,
        ...(address !== undefined && { webhook: address }),
        onChange: saveSoon,
      });
      const { url, env: variables } = emulator;
      if (options.envFile !== undefined) await writeEnvFile(options.envFile, variables);
      const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
      write(`Page and base URL: ${url}
Replacement of Meta's sdk.js: ${url}/sdk.js

${lines.join('\n')}

${describeSignupNumbers(fake)}${emulator.webhook === undefined ? 'Webhooks are sent to no address yet. Set one with --webhook or on the page.' : `Webhooks are sent to ${emulator.webhook}.`}`);
      const stopPrinting = printActivity(fake, createPaint(colors), write);
      await ended(signal);
      stopPrinting();
      cancel?.();
      await saving;
      try {
        await save(emulator.webhook, emulator.scenarios);
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

/** Prints a line for each request and each delivery attempt. Returns a function that stops it. */
function printActivity(fake: FakeCloudApi, paint: Paint, write: (line: string) => void): () => void {
  const printed = new Map<number, number>();
  const stops = [
    fake.on('request', (request) => {
      write(requestLine(paint, request.at, requestEntry(request)));
    }),
    fake.on('delivery', (delivery) => {
      const { id, state, attempts } = delivery;
      const isNew = attempts.length > (printed.get(id) ?? 0) || state === 'dropped';
      if (state === 'waiting') printed.set(id, attempts.length);
      else printed.delete(id);
      if (isNew) write(deliveryLine(paint, new Date(fake.clock.now()), deliveryEntry(delivery)));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Describes an error and its fix. */
function describeFailure(error: unknown, { host, port }: EmulatorArguments): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const address = `${host}:${String(port)}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${address} is in use, perhaps by another emulator. Choose another port with --port, or any free port with --port 0.`;
    case 'EACCES':
      // An error of the state file has its own message.
      if ('syscall' in (error as Error) && (error as NodeJS.ErrnoException).syscall === 'listen')
        return `you have no permission for ${address}. Choose a port above 1023 with --port.`;
      break;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `this machine has no address ${host}. Choose another with --host.`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Lists the numbers for Embedded Signup, because a script needs their IDs. */
function describeSignupNumbers(fake: FakeCloudApi): string {
  return signupNumbers(fake)
    .filter(({ linked }) => !linked)
    .map(({ phoneNumberId, verifiedName }) => `Only on the Business app, for Embedded Signup: ${verifiedName}, number ${phoneNumberId}\n`)
    .join('');
}

/** Writes variables to a .env file. Lines of other variables stay unchanged. */
async function writeEnvFile(file: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const others = text.split('\n').filter((line) => !Object.hasOwn(variables, line.split('=')[0]?.trim() ?? ''));
  while (others.at(-1) === '') others.pop();
  const own = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  await writeFile(file, [...others, ...own, ''].join('\n'), { mode: 0o600 });
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
  readonly envFile?: string;
  readonly allowedHosts?: readonly string[];
  readonly maxMessages: number;
}

/** Returns the options of the emulator, or a description of the problem. */
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
        'write-env': { type: 'string' },
        'allowed-host': { type: 'string', multiple: true },
        'max-messages': { type: 'string', default: '10000' },
      },
    }));
  } catch (error) {
    return describeUsageError(error);
  }
  const { port, host, webhook, seed, state, 'write-env': envFile, 'allowed-host': allowedHosts, 'max-messages': maxMessages } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return `--port ${JSON.stringify(port)} is no port.`;
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) return `--seed ${JSON.stringify(seed)} is no integer.`;
  if (host === '') return '--host is empty.';
  if (state === '') return '--state is empty.';
  if (envFile === '') return '--write-env is empty.';
  if (!/^[1-9]\d{0,7}$/.test(maxMessages)) return `--max-messages ${JSON.stringify(maxMessages)} is no integer from 1 to 99999999.`;
  if (allowedHosts?.some((name) => !/^[\w.:[\]-]+$/.test(name))) return '--allowed-host must be a host name, with or without a port.';
  const urlProblem = webhook === undefined ? undefined : describeUrlProblem('--webhook', webhook);
  if (urlProblem !== undefined) return urlProblem;
  return {
    port: Number(port),
    host,
    ...(webhook !== undefined && { webhook }),
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(state !== undefined && { file: state }),
    ...(envFile !== undefined && { envFile }),
    ...(allowedHosts && { allowedHosts }),
    maxMessages: Number(maxMessages),
  };
}
