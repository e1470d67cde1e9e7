import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = (command: readonly string[]): { readonly status: number | null; readonly text: string } => {
  // PostgreSQL doesn't run as root.
  const [program = '', ...args] =
    process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command] : command;
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  return { status, text: `${stdout}${stderr}` };
};

/** Returns the folder with PostgreSQL's programs: on the PATH, or the default folder of Debian. */
function findPrograms(): string | undefined {
  const debian = spawnSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1'], {
    encoding: 'utf8',
  }).stdout.trim();
  return [...(debian === '' ? [] : [debian]), ''].find((folder) => run([join(folder, 'initdb'), '--version']).status === 0);
}

const programs = findPrograms();

/** Whether a server can be started. */
export const postgresThere: boolean = programs !== undefined;

/** A server that a test has started. */
export interface PostgresServer {
  readonly options: { readonly host: string; readonly port: number; readonly user: string; readonly database: string };
  stop(): void;
}

/** Returns a port of 127.0.0.1 that no program uses. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts an empty server in its own folder.
 *
 * @param settings - Settings of `postgresql.conf`.
 */
export async function startPostgres(settings: readonly string[] = []): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  if (process.getuid?.() === 0) spawnSync('chown', ['postgres:postgres', folder]);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const port = await freePort();
  const program = (name: string): string => join(programs ?? '', name);
  const created = run([program('initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']);
  if (created.status !== 0) throw new Error(`initdb failed: ${created.text}`);
  const flags = [`port=${String(port)}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, ...settings];
  const started = run([
    program('pg_ctl'),
    '-D',
    data,
    '-w',
    '-t',
    '60',
    '-l',
    join(folder, 'log'),
    '-o',
    flags.map((flag) => `-c ${flag}`).join(' '),
    'start',
  ]);
  if (started.status !== 0) throw new Error(`pg_ctl start failed: ${started.text}`);
  return {
    options: { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' },
    stop() {
      run([program('pg_ctl'), '-D', data, '-m', 'immediate', '-w', 'stop']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
