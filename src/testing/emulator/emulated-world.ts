import { access, constants, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { isRecord } from '../../runtime/json.js';
import { createFakeCloudApi } from '../fake/create-fake-cloud-api.js';
import type { FakeCloudApi, FakeReadyNumber } from '../fake/fake-cloud-api.js';
import type { FakeSnapshot } from '../fake/fake-snapshot.js';
import type { Scenario } from './play/scenarios.js';
import { createRunningClock, type RunningClock } from './running-clock.js';

/** The world that an emulator serves. */
export interface EmulatedWorld {
  readonly fake: FakeCloudApi;
  readonly time: RunningClock;
  /** A coexistence number that can send immediately. */
  readonly number: FakeReadyNumber;
  /** Where webhooks went when it was saved. */
  readonly webhook: string | undefined;
  /** The scenarios that were saved. */
  readonly scenarios: readonly Scenario[];
  /** Writes the state to its file, if it has one. */
  readonly save: (webhook: string | undefined, scenarios: readonly Scenario[]) => Promise<void>;
}

/** Options of {@link emulatedWorld}. */
export interface EmulatedWorldOptions {
  /** The seed of all random values. */
  readonly seed?: number | undefined;
  /** A file that stores the state across restarts. */
  readonly file?: string | undefined;
  /** Messages that are stored at most. @defaultValue 10 000 */
  readonly maxMessages?: number | undefined;
}

const usualMaxMessages = 10_000;

/**
 * Continues from the state of a file, or creates a new one: a coexistence number, a shop whose number is only on the Business app and has
 * chats of 180 days, and three customers.
 *
 * @throws `Error` if the file contains something else, or can be neither read nor written.
 */
export async function emulatedWorld({ seed, file, maxMessages = usualMaxMessages }: EmulatedWorldOptions): Promise<EmulatedWorld> {
  const saved = file === undefined ? undefined : await readWorld(file);
  if (file !== undefined) await checkWritable(file);
  // Time doesn't go back if the clock was advanced before.
  const time = createRunningClock(new Date(Math.max(Date.now(), saved?.nowMs ?? 0)));
  const { fake, number } = ((): Pick<EmulatedWorld, 'fake' | 'number'> => {
    try {
      const made = createFakeCloudApi({
        clock: time.clock,
        maxMessages,
        ...(seed !== undefined && { seed }),
        ...(saved && { snapshot: saved.snapshot }),
      });
      // A damaged snapshot shows at the latest when its parts are used.
      for (const known of made.numbers) made.throughput(known);
      if (saved && !made.numbers.some(({ phoneNumberId }) => phoneNumberId === saved.number.phoneNumberId)) throw damaged(file);
      return { fake: made, number: saved?.number ?? newWorld(made) };
    } catch (error) {
      time.close();
      // An error of another option is about the command line.
      const isOfState = !(error instanceof InvalidArgumentError) || error.field === 'snapshot' || error.field === 'options';
      throw saved && isOfState ? damaged(file, error) : error;
    }
  })();
  const save: EmulatedWorld['save'] = async (webhook, scenarios) => {
    if (file === undefined) return;
    const world: SavedWorld = {
      nowMs: time.clock.now(),
      number,
      ...(webhook !== undefined && { webhook }),
      scenarios,
      snapshot: fake.snapshot(),
    };
    // A crash in the middle of writing leaves the old file.
    try {
      await writeFile(`${file}.new`, JSON.stringify(world));
      await rename(`${file}.new`, file);
    } catch (error) {
      throw stateProblem(file, error);
    }
  };
  return { fake, time, number, webhook: saved?.webhook, scenarios: saved?.scenarios ?? [], save };
}

function newWorld(fake: FakeCloudApi): FakeReadyNumber {
  const number = fake.coexistenceNumber({ verifiedName: 'Harbor Bakery' });
  fake.customer('15550100987', { name: 'Mara Lindqvist' });
  fake.customer('15550100988', { name: 'Jonas Weber' });
  fake.customer('15550100989', { name: 'Aisha Rahman', username: 'aisha.reads' });
  const shop = fake.businessAppNumber({ verifiedName: 'Corner Books' });
  fake.phone(shop).seedHistory({ messages: 1_200, threads: 24, contacts: 20 });
  return number;
}

interface SavedWorld {
  readonly nowMs: number;
  readonly number: FakeReadyNumber;
  readonly webhook?: string;
  readonly scenarios?: readonly Scenario[];
  readonly snapshot: FakeSnapshot;
}

async function readWorld(file: string): Promise<SavedWorld | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw stateProblem(file, error);
  }
  let world: unknown;
  try {
    world = JSON.parse(text);
  } catch {
    throw damaged(file);
  }
  if (!isRecord(world) || typeof world.nowMs !== 'number' || !isRecord(world.number) || !isRecord(world.snapshot)) {
    throw damaged(file);
  }
  // Written by `save`; what is wrong inside shows when the fake takes it up.
  return world as unknown as SavedWorld;
}

/** Checks that the state can be saved, before anything starts. */
async function checkWritable(file: string): Promise<void> {
  const scratch = `${file}.new`;
  try {
    await access(dirname(file), constants.W_OK | constants.X_OK);
    if (
      await stat(file).then(
        (found) => found.isDirectory(),
        () => false,
      )
    )
      throw Object.assign(new Error(), { code: 'EISDIR' });
    await (await open(scratch, 'w')).close();
    await rm(scratch);
  } catch (error) {
    throw stateProblem(file, error);
  }
}

function damaged(file: string | undefined, cause?: unknown): Error {
  return new Error(
    `The file ${String(file)} does not contain the state of an emulator, or is damaged. Delete it or choose another one with --state.`,
    cause === undefined ? undefined : { cause },
  );
}

/** An error of the file system with its remedy. */
function stateProblem(file: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const problems: Readonly<Record<string, string>> = {
    ENOENT: 'its folder does not exist. Create it',
    ENOTDIR: 'part of its path is no folder. Correct the path',
    EISDIR: 'it is a folder. Name a file in it',
    EACCES: 'there is no permission to read and write it. Change the permission',
    EPERM: 'there is no permission to read and write it. Change the permission',
    EROFS: 'its file system is read-only. Choose another place',
  };
  const problem = problems[code] ?? `the system reports ${code}. Choose another place`;
  return new Error(`The state file ${file} cannot be used: ${problem}, or choose another file with --state.`, { cause: error });
}
