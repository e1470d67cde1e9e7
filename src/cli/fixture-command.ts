import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createFixtures } from '../testing/payloads/create-fixtures.js';
import { describeUsage, describeUsageError, exitDone, exitFailed, exitUsage, type Command } from './command.js';
import { readPayloads } from './payload-files.js';

const help = `Usage: wa-coexist fixture FILES… --out FOLDER [--texts keep|replace]

Turns recorded webhooks into fixtures for tests. It replaces IDs, phone numbers, names, files and texts with invented ones. Equal values
get equal replacements in all files.

FILES               a .json file contains one payload. A .ndjson or .jsonl file contains one payload per line. A folder stands for its
                    .json files, sorted by name
--out FOLDER        the folder of the fixtures. The command creates it
--texts keep        keeps the texts of messages. The default is replace

Read the fixtures before you commit them.

Example: wa-coexist fixture captured/ --out test/fixtures`;

/** `wa-coexist fixture`. */
export const fixtureCommand: Command = {
  summary: 'turns recorded webhooks into test fixtures with invented IDs',
  help,
  async run(args, { write, writeError }) {
    const options = readArguments(args);
    if (typeof options === 'string') {
      writeError(describeUsage('fixture', options, help));
      return exitUsage;
    }
    const { files, out, texts } = options;
    const toFixture = createFixtures({ texts });
    await mkdir(out, { recursive: true });
    let failures = 0;
    for await (const payload of readPayloads(files)) {
      if ('problem' in payload) {
        failures += 1;
        writeError(`not written  ${payload.name}: ${payload.problem}`);
        continue;
      }
      const target = join(out, fileName(payload.name));
      const fixture = toFixture(JSON.parse(new TextDecoder().decode(payload.body)));
      await writeFile(target, `${JSON.stringify(fixture, null, 2)}\n`);
      write(`written  ${target}`);
    }
    return failures === 0 ? exitDone : exitFailed;
  },
};

/** Returns the name of a fixture: the name of its file, with the line number of a capture. */
function fileName(source: string): string {
  const [, file = source, lineNumber] = /^(.*?)(?::(\d+))?$/.exec(basename(source)) ?? [];
  const name = file.replace(/\.(?:json|ndjson|jsonl)$/, '');
  return lineNumber === undefined ? `${name}.json` : `${name}-${lineNumber}.json`;
}

interface FixtureArguments {
  readonly files: readonly string[];
  readonly out: string;
  readonly texts: 'keep' | 'replace';
}

/** Returns the options, or a description of the problem. */
function readArguments(args: readonly string[]): FixtureArguments | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string' }, texts: { type: 'string', default: 'replace' } },
    });
  } catch (error) {
    return describeUsageError(error);
  }
  const { out, texts } = parsed.values;
  if (parsed.positionals.length === 0) return 'FILES are missing.';
  if (out === undefined || out === '') return '--out is missing: the folder of the fixtures.';
  if (texts !== 'keep' && texts !== 'replace') return '--texts must be keep or replace.';
  return { files: parsed.positionals, out, texts };
}
