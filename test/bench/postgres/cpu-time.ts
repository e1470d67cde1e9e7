import { readdirSync, readFileSync } from 'node:fs';
import type { Pool } from 'pg';

/** A process as Linux reports it, in milliseconds of CPU time. */
interface ProcessTimes {
  readonly parent: number;
  /** Its own time, and the time of its children that have ended. */
  readonly ms: number;
}

const msPerTick = 10;

function timesOf(pid: number): ProcessTimes | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name of the program, in parentheses, can contain spaces.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ms = [11, 12, 13, 14].reduce((sum, place) => sum + (fields[place] ?? 0), 0) * msPerTick;
    return { parent: fields[1] ?? 0, ms };
  } catch {
    // It has ended.
    return undefined;
  }
}

/** Returns the CPU time of a process and all of its descendants in milliseconds. Linux only. */
export function cpuMsOf(pid: number): number {
  const all = readdirSync('/proc').flatMap((name) => {
    const times = /^[0-9]+$/.test(name) ? timesOf(Number(name)) : undefined;
    return times ? [{ pid: Number(name), ...times }] : [];
  });
  const sumOf = (parent: number): number =>
    all.filter((one) => one.parent === parent).reduce((sum, one) => sum + one.ms + sumOf(one.pid), 0);
  return (timesOf(pid)?.ms ?? 0) + sumOf(pid);
}

/** Returns the process ID of a server on this machine. */
export async function serverPid(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return timesOf(rows[0]?.pid ?? 0)?.parent ?? 0;
}
