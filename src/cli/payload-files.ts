import { Buffer } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A payload with its exact bytes. */
export interface StoredPayload {
  /** The file, with the line number if a file has several payloads. */
  readonly name: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A payload that can't be sent, and the reason. */
export interface UnreadablePayload {
  readonly name: string;
  readonly problem: string;
}

/**
 * Reads webhook payloads in sequence. A JSON file contains one payload. A `.ndjson` or `.jsonl` file contains one per
 * line, without blank lines. For a folder, it reads the `.json` files, sorted by name. If a file is unreadable, it
 * yields the problem and continues with the next file.
 *
 * @param files - Names of files and folders.
 */
export async function* readPayloads(files: readonly string[]): AsyncGenerator<StoredPayload | UnreadablePayload, void, undefined> {
  for (const file of files) {
    try {
      if ((await stat(file)).isDirectory()) yield* readFolder(file);
      else yield* readPayloadFile(file);
    } catch (error) {
      yield { name: file, problem: fileProblem(error) };
    }
  }
}

async function* readFolder(folder: string): AsyncGenerator<StoredPayload | UnreadablePayload, void, undefined> {
  const names = (await readdir(folder)).filter((name) => extname(name) === '.json').sort();
  if (names.length === 0) yield { name: folder, problem: 'the folder has no .json file' };
  for (const name of names) {
    const file = join(folder, name);
    try {
      yield checked(file, await readFile(file));
    } catch (error) {
      yield { name: file, problem: fileProblem(error) };
    }
  }
}

async function* readPayloadFile(file: string): AsyncGenerator<StoredPayload | UnreadablePayload, void, undefined> {
  if (!['.ndjson', '.jsonl'].includes(extname(file))) {
    yield checked(file, await readFile(file));
    return;
  }
  let number = 0;
  let isEmpty = true;
  for await (const line of readLines(file)) {
    number += 1;
    if (line.toString('latin1').trim() === '') continue;
    isEmpty = false;
    yield checked(`${file}:${String(number)}`, line);
  }
  if (isEmpty) yield { name: file, problem: 'the capture has no payload' };
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Yields lines as bytes, without decoding them. A file can be larger than the available memory. */
async function* readLines(file: string): AsyncGenerator<Buffer<ArrayBuffer>, void, undefined> {
  let parts: Uint8Array[] = [];
  const line = (): Buffer<ArrayBuffer> => {
    const bytes = Buffer.concat(parts);
    parts = [];
    return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
  };
  // A stream without an encoding yields buffers.
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      parts.push(chunk.subarray(start, end));
      start = end + 1;
      yield line();
    }
    parts.push(chunk.subarray(start));
  }
  yield line();
}

/** Rejects bytes that aren't JSON, because the error of a receiver wouldn't contain the file name. */
function checked(name: string, body: Buffer<ArrayBuffer>): StoredPayload | UnreadablePayload {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return { name, problem: 'not UTF-8 text' };
  }
  if (text.startsWith('\ufeff')) return { name, problem: 'it begins with a byte order mark, which JSON does not allow' };
  try {
    JSON.parse(text);
    return { name, body };
  } catch (error) {
    return { name, problem: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file or folder';
  if (code === 'EACCES') return 'no permission to read it';
  if (code === 'EISDIR') return 'a folder, not a file';
  return error instanceof Error ? error.message : String(error);
}
