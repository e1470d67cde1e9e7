import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EmulatorView } from '../../src/testing/emulator/view.js';
import { doOnEmulator } from '../emulator-actions.ts';

const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** An emulator, as `npx wa-coexist emulator` starts it. */
export interface RunningEmulator extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** The lines for a `.env` file. */
  readonly env: Readonly<Record<string, string>>;
  /** Performs an action of the page. */
  act(action: object): Promise<unknown>;
  /** Returns the data that the page shows. */
  view(selection?: Record<string, string>): Promise<EmulatorView>;
  /** Ends the emulator like Ctrl-C. Resolves with the exit code. */
  end(): Promise<number | null>;
}

/** Starts the built command on a free port and reads its output. */
export async function startEmulator(...args: string[]): Promise<RunningEmulator> {
  const child = spawn(process.execPath, [command, 'emulator', '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Webhooks are sent to')) resolve();
    });
    void exited.then(() => {
      reject(new Error(errors));
    });
  });
  const env = Object.fromEntries(Array.from(output.matchAll(/^(WHATSAPP_\w+)=(.*)$/gm), ([, name = '', value = '']) => [name, value]));
  const url = env['WHATSAPP_BASE_URL'] ?? '';
  const end = async (): Promise<number | null> => {
    child.kill('SIGINT');
    const [code] = await exited;
    return code;
  };
  return {
    url,
    // A process that printed lines has an ID.
    pid: child.pid ?? 0,
    env,
    act: (action) => doOnEmulator(url, action),
    async view(selection = {}) {
      const response = await fetch(`${url}/emulator/view?${new URLSearchParams(selection).toString()}`);
      return (await response.json()) as EmulatorView;
    },
    end,
    async [Symbol.asyncDispose]() {
      await end();
    },
  };
}
