import { isRecord } from '../runtime/json.js';
import type { StoreEntry } from '../stores/store.js';

/** A person who had a key for some time. */
export type KeyOwner = {
  readonly personId: string;
  /** Time of the latest event that claimed the key for this person. */
  readonly atMs: number;
  /** Time of the first such event. @defaultValue `atMs` */
  readonly sinceMs?: number;
  /** Times at which Meta reported new IDs of this number's owner without the previous user ID. */
  readonly changesMs?: readonly number[];
};

/** The stored record of a key. */
export interface KeyRecord extends KeyOwner {
  /**
   * The person moved to this number, and Meta didn't report the user ID that the move created. The first user ID that
   * arrives with the number belongs to the person.
   */
  readonly awaitsUserId?: true;
  /**
   * Other people who had the number at other times. A report of a change can arrive late and contain only the number of
   * the person.
   */
  readonly others?: readonly KeyOwner[];
}

/** Numbers and user IDs change rarely, at most once in several months. */
const maxOthers = 8;
const maxChanges = 8;

/** Operators reassign a number only after weeks without use. */
export const dormantMs: number = 30 * 86_400_000;

/**
 * Returns the person who had a number right before Meta reported their new IDs.
 *
 * @param record - The record of the number.
 * @param atMs - The time of the report.
 */
export function ownerBefore(record: KeyRecord, atMs: number): string | undefined {
  const owners = ownersByTime(record);
  const known = owners.find(({ changesMs }) => changesMs?.includes(atMs));
  if (known) return known.personId;
  // Times are in whole seconds, so the first message with the new IDs can have the time of the report.
  const owner = owners.findLast((one) => sinceOf(one) < atMs) ?? owners.find((one) => sinceOf(one) === atMs);
  return owner?.personId ?? changedOwner(record, atMs);
}

/**
 * Returns the person who had a number at a given time, according to a later report of their new IDs. A number that was
 * used within {@link dormantMs} before the report had no other owner in between.
 *
 * @param record - The record of the number.
 * @param atMs - The time.
 */
export function changedOwner(record: KeyRecord, atMs: number): string | undefined {
  for (const owner of ownersByTime(record)) {
    const changeMs = owner.changesMs?.find((one) => one >= atMs);
    if (changeMs !== undefined && changeMs - atMs <= dormantMs) return owner.personId;
    // Another person had it in between.
    if (sinceOf(owner) > atMs) return undefined;
  }
  return undefined;
}

/**
 * Returns the record after an event that claims the key for its owner.
 *
 * @param record - The record of the key.
 * @param personId - The owner.
 * @param atMs - The time of the event.
 * @param isChange - Whether the event reports new IDs of the owner.
 */
export function claimedAgain(record: KeyRecord, personId: string, atMs: number, isChange: boolean): KeyRecord {
  const { others, awaitsUserId, ...owner } = record;
  return { ...extended({ ...owner, personId }, atMs, isChange), ...(awaitsUserId && { awaitsUserId }), ...(others && { others }) };
}

/**
 * Returns the record after a number was reassigned to another person.
 *
 * @param record - The record of the previous owner.
 * @param next - The record of the new owner.
 */
export function givenTo(record: KeyRecord, next: KeyRecord): KeyRecord {
  const { awaitsUserId: _awaitsUserId, others = [], ...previous } = record;
  const known = others.find(({ personId }) => personId === next.personId);
  const rest = others.filter((other) => other !== known);
  return { ...next, ...(known?.changesMs && { changesMs: known.changesMs }), others: [previous, ...rest].slice(0, maxOthers) };
}

/**
 * Returns the record after an event about another owner at another time.
 *
 * @param record - The record of the number.
 * @param personId - The other owner.
 * @param atMs - The time of the event.
 * @param isChange - Whether the event reports new IDs of the other owner.
 */
export function hadBy(record: KeyRecord, personId: string, atMs: number, isChange: boolean): KeyRecord {
  const others = record.others ?? [];
  const known = others.find((other) => other.personId === personId);
  const owner = extended(known ?? { personId, atMs }, atMs, isChange);
  return { ...record, others: [owner, ...others.filter((other) => other !== known)].slice(0, maxOthers) };
}

/**
 * Returns whether an event contains new information about the owner of a key.
 *
 * @param owner - The stored owner.
 * @param atMs - The time of the event.
 * @param isChange - Whether the event reports new IDs of the owner.
 */
export function addsInformation(owner: KeyOwner | undefined, atMs: number, isChange: boolean): boolean {
  if (!owner) return true;
  return (atMs > 0 && atMs < sinceOf(owner)) || (isChange && !owner.changesMs?.includes(atMs));
}

function extended(owner: KeyOwner, atMs: number, isChange: boolean): KeyOwner {
  const { sinceMs: _sinceMs, changesMs = [], ...rest } = owner;
  const lastMs = Math.max(owner.atMs, atMs);
  // A claim of time 0 contains no time.
  const sinceMs = atMs > 0 ? Math.min(sinceOf(owner), atMs) : sinceOf(owner);
  const changes = isChange ? [...new Set([...changesMs, atMs])].sort((one, other) => one - other).slice(-maxChanges) : changesMs;
  return { ...rest, atMs: lastMs, ...(sinceMs !== lastMs && { sinceMs }), ...(changes.length > 0 && { changesMs: changes }) };
}

function ownersByTime({ others = [], ...present }: KeyRecord): readonly KeyOwner[] {
  return [present, ...others].sort((one, other) => sinceOf(one) - sinceOf(other));
}

function sinceOf({ sinceMs, atMs }: KeyOwner): number {
  return sinceMs ?? atMs;
}

/**
 * Parses the stored record of a key.
 *
 * @param entry - The entry of the store.
 */
export function readKeyRecord(entry: StoreEntry | undefined): KeyRecord | undefined {
  const value = entry?.value;
  const owner = readOwner(value);
  if (!owner || !isRecord(value)) return undefined;
  const others = Array.isArray(value.others) ? value.others.flatMap((other) => readOwner(other) ?? []) : [];
  return { ...owner, ...(value.awaitsUserId === true && { awaitsUserId: true }), ...(others.length > 0 && { others }) };
}

function readOwner(value: unknown): KeyOwner | undefined {
  if (!isRecord(value) || typeof value.personId !== 'string' || typeof value.atMs !== 'number') return undefined;
  const changesMs = Array.isArray(value.changesMs) ? value.changesMs.filter((one): one is number => typeof one === 'number') : [];
  return {
    personId: value.personId,
    atMs: value.atMs,
    ...(typeof value.sinceMs === 'number' && { sinceMs: value.sinceMs }),
    ...(changesMs.length > 0 && { changesMs }),
  };
}
