import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, type PostgresServer } from './server.js';

/** Whether PgBouncer is installed. */
export const pgbouncerThere: boolean = spawnSync('pgbouncer', ['--version']).status === 0;

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.end();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

/**
 * Starts PgBouncer in transaction mode in front of a server. Three connections to the server serve all clients, so
 * statements of one client use different connections.
 */
export async function startPgBouncer({ options }: PostgresServer): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-'));
  const port = await freePort();
  const settings = {
    ...{ listen_addr: '127.0.0.1', listen_port: port, unix_socket_dir: '', auth_type: 'any', pool_mode: 'transaction' },
    ...{ default_pool_size: 3, max_client_conn: 100, logfile: join(folder, 'log'), pidfile: join(folder, 'pid') },
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${String(value)}`);
  const database = `${options.database} = host=127.0.0.1 port=${String(options.port)} user=${options.user}`;
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, ['[databases]', database, '[pgbouncer]', ...lines, ''].join('\n'));
  chmodSync(folder, 0o777);
  // PgBouncer doesn't run as root.
  const command =
    process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', 'pgbouncer'] : ['pgbouncer'];
  const [program = '', ...args] = command;
  const child = spawn(program, [...args, '-q', file], { stdio: 'ignore' });
  const end = Date.now() + 30_000;
  while (!(await isListening(port))) {
    await pause(20);
    if (child.exitCode !== null || Date.now() > end) throw new Error('PgBouncer did not start.');
  }
  return {
    options: { ...options, port },
    stop() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
