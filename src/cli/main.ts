#!/usr/bin/env node
import process from 'node:process';
import { runCommand } from './run-command.js';

const toStream =
  (stream: NodeJS.WriteStream) =>
  (line: string): void => {
    stream.write(`${line}\n`);
  };

process.exitCode = await runCommand(process.argv.slice(2), {
  write: toStream(process.stdout),
  writeError: toStream(process.stderr),
  fetch: globalThis.fetch,
  env: process.env,
});
