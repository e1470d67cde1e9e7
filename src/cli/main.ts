#!/usr/bin/env node
import process from 'node:process';
import { exitFailed } from './command.js';
import { runCommand } from './run-command.js';

/** Time limit for a command to finish after a signal. */
const graceMs = 5_000;
const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;

const toStream = (stream: NodeJS.WriteStream): ((line: string) => void) => {
  // The reader of a pipe can close it, for example `head`.
  stream.on('error', () => {
    process.exit(exitFailed);
  });
  return (line) => {
    stream.write(`${line}\n`);
  };
};

/** Ends the process after its output was written, even if timers and connections are open. */
const exit = (code: number): void => {
  process.stdout.write('', () => {
    process.stderr.write('', () => {
      process.exit(code);
    });
  });
};

const { NO_COLOR: noColor = '' } = process.env;
const colors = process.stdout.isTTY && noColor === '' ? 'colors' : 'plain';
const write = toStream(process.stdout);
const writeError = toStream(process.stderr);
const ending = new AbortController();
for (const [name, number] of Object.entries(signalNumbers)) {
  process.on(name, () => {
    if (ending.signal.aborted) process.exit(128 + number);
    ending.abort();
    setTimeout(() => {
      process.exit(128 + number);
    }, graceMs).unref();
  });
}

try {
  const context = { write, writeError, fetch: globalThis.fetch, env: process.env, colors, signal: ending.signal } as const;
  exit(await runCommand(process.argv.slice(2), context));
} catch (error) {
  writeError(`wa-coexist: ${error instanceof Error ? error.message : 'an unexpected error'}`);
  exit(exitFailed);
}
