import { readFile, rename, writeFile } from 'node:fs/promises';
import { isRecord } from '../../runtime/json.js';
import { createFakeCloudApi } from '../fake/create-fake-cloud-api.js';
import type { FakeCloudApi, FakeReadyNumber } from '../fake/fake-cloud-api.js';
import type { FakeSnapshot } from '../fake/fake-snapshot.js';
import { createRunningClock, type RunningClock } from './running-clock.js';

/** The world that an emulator serves. */
export interface EmulatedWorld {
  readonly fake: FakeCloudApi;
  readonly time: RunningClock;
  /** A coexistence number that can send at once. */
  readonly number: FakeReadyNumber;
  /** Where webhooks went when it was saved. */
  readonly webhook: string | undefined;
  /** Writes all of it into its file, if it has one. */
  readonly save: (webhook: string | undefined) => Promise<void>;
}

/** Options of {@link emulatedWorld}. */
export interface EmulatedWorldOptions {
  /** Everything drawn by lot comes from it. */
  readonly seed?: number;
  /** A file that keeps the world across restarts. */
  readonly file?: string;
}

/**
 * Takes up the world of a file, or makes a new one: a coexistence number, a shop whose number is on the Business app alone and has chats of
 * 180 days, and three customers.
 *
 * @throws `Error` if the file holds something else.
 */
export async function emulatedWorld({ seed, file }: EmulatedWorldOptions): Promise<EmulatedWorld> {
  const saved = file === undefined ? undefined : await readWorld(file);
  // Time does not go back where the clock was put ahead before.
  const time = createRunningClock(new Date(Math.max(Date.now(), saved?.nowMs ?? 0)));
  const fake = createFakeCloudApi({
    clock: time.clock,
    ...(seed !== undefined && { seed }),
    ...(saved && { snapshot: saved.snapshot }),
  });
  const number = saved?.number ?? newWorld(fake);
  const save = async (webhook: string | undefined): Promise<void> => {
    if (file === undefined) return;
    const world: SavedWorld = { nowMs: time.clock.now(), number, ...(webhook !== undefined && { webhook }), snapshot: fake.snapshot() };
    // A crash in the middle of writing leaves the old file.
    await writeFile(`${file}.new`, JSON.stringify(world));
    await rename(`${file}.new`, file);
  };
  return { fake, time, number, webhook: saved?.webhook, save };
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
  readonly snapshot: FakeSnapshot;
}

async function readWorld(file: string): Promise<SavedWorld | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const world: unknown = JSON.parse(text);
  if (!isRecord(world) || typeof world.nowMs !== 'number' || !isRecord(world.number) || !isRecord(world.snapshot)) {
    throw new Error(`${file} does not hold the state of an emulator.`);
  }
  // Written by `save`; what is wrong inside shows when the fake takes it up.
  return world as unknown as SavedWorld;
}
