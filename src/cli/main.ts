#!/usr/bin/env node
import process from 'node:process';
import { runCommand } from './run-command.js';

const toStream =
  (stream: NodeJS.WriteStream) =>
  (line: string): void => {
    stream.write(`${line}\n`);
  };

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    ending.abort();
  });
}

process.exitCode = await runCommand(process.argv.slice(2), {
  write: toStream(process.stdout),
  writeError: toStream(process.stderr),
  fetch: globalThis.fetch,
  env: process.env,
  signal: ending.signal,
});
