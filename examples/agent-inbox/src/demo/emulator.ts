import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A running emulator. */
export interface DemoEmulator {
  readonly url: string;
  /** The variables that `wa-coexist emulator` prints. */
  readonly env: Readonly<Record<string, string>>;
  /** Does what its page does. */
  act(action: object): Promise<unknown>;
  stop(): void;
}

/** Starts `wa-coexist emulator`. @throws `Error` if it ends, for example because its port is taken */
export async function startEmulator(port: string): Promise<DemoEmulator> {
  const folder = dirname(createRequire(import.meta.url).resolve('wa-coexist/package.json'));
  const child = spawn(process.execPath, [join(folder, 'dist/cli/main.js'), 'emulator', '--port', port], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const env: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^(WHATSAPP_\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) env[name] = value;
    if (line.startsWith('Webhooks are sent to')) break;
  }
  const url = env['WHATSAPP_BASE_URL'];
  if (url === undefined) throw new Error('The emulator did not start.');
  // Its log isn't needed here. Nobody would read a full pipe.
  child.stdout.resume();
  process.once('exit', () => child.kill());
  return {
    url,
    env,
    act: async (action) => {
      const response = await fetch(`${url}/emulator/actions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(action),
      });
      if (!response.ok) throw new Error(await response.text());
      return (await response.json()) as unknown;
    },
    stop: () => {
      child.kill('SIGINT');
    },
  };
}
