import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { doOnEmulator } from '../emulator-actions.js';

/** The agent inbox on PGlite with its emulator, as started by `npm run demo`. */
export interface RunningDemo extends AsyncDisposable {
  /** The address of the pages. */
  readonly url: string;
  /** The address of the emulator. */
  readonly emulator: string;
  /** Performs an action of the emulator's page. */
  act(action: object): Promise<unknown>;
}

/** Builds the application in its folder, and starts it on free ports. */
export async function startDemo(folder: string): Promise<RunningDemo> {
  await promisify(execFile)(process.execPath, ['build.js'], { cwd: folder });
  const { REDIS_URL: _redis, DATABASE_URL: _database, ...env } = process.env;
  const child = spawn(process.execPath, ['dist/demo.js'], {
    cwd: folder,
    env: { ...env, PORT: '0', EMULATOR_PORT: '0', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const addresses = await readAddresses(child, lines);
  if (!addresses) throw new Error(`The demo ended:\n${lines.join('\n')}`);
  const [url, emulator] = addresses;
  child.stdout.resume();
  return {
    url,
    emulator,
    act: (action) => doOnEmulator(emulator, action),
    [Symbol.asyncDispose]: () => end(child),
  };
}

/** Starts the built application with real services. Its login is `ida` with the password `rye-bread`. */
export async function startProcess(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly url: string }> {
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', NO_COLOR: '1', AGENTS: 'ida:rye-bread', TOKEN_KEY: 'ab'.repeat(32), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const url = /^Open (http\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return { url, [Symbol.asyncDispose]: () => end(child) };
  }
  throw new Error(`The application ended:\n${lines.join('\n')}`);
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function readAddresses(child: ChildProcess, lines: string[]): Promise<[url: string, emulator: string] | undefined> {
  if (!child.stdout) return undefined;
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    url = /^Open (http\S+)$/.exec(line)?.[1] ?? url;
    const emulator = /^Play .* on (http\S+)$/.exec(line)?.[1];
    if (emulator !== undefined) return [url, emulator];
  }
  return undefined;
}
