import { isRecord } from '../runtime/json.js';
import type { StoreEntry } from '../stores/store.js';

/** A person who had a key for some time. */
export type KeyOwner = {
  readonly personId: string;
  /** The time of the latest event that claimed the key for this person. */
  readonly atMs: number;
  /** The time of the first such event. @defaultValue `atMs` */
  readonly sinceMs?: number;
  /** When Meta reported new IDs of the owner of this number, without the earlier user ID. */
  readonly changesMs?: readonly number[];
};

/** What is stored under a key of a person. */
export interface KeyRecord extends KeyOwner {
  /**
   * The person moved to this number, and Meta didn't report the user ID that the move created. The first user ID that arrives with the
   * number belongs to the person.
   */
  readonly awaitsUserId?: true;
  /** Other people who had the number at other times. A report of a change can arrive late, and names its person by the number only. */
  readonly others?: readonly KeyOwner[];
}

/** Numbers move to another person once in months, and user IDs change as rarely. */
const maxOthers = 8;
const maxChanges = 8;

/** Operators give a number to another person after weeks without use, never sooner. */
export const dormantMs: number = 30 * 86_400_000;

/** Finds the person who had a number just before Meta reported their new IDs at a time. */
export function ownerBefore(record: KeyRecord, atMs: number): string | undefined {
  const owners = ownersByTime(record);
  const known = owners.find(({ changesMs }) => changesMs?.includes(atMs));
  if (known) return known.personId;
  // Times are whole seconds: the first message with the new IDs can have the time of the report.
  const owner = owners.findLast((one) => sinceOf(one) < atMs) ?? owners.find((one) => sinceOf(one) === atMs);
  return owner?.personId ?? changedOwner(record, atMs);
}

/**
 * Finds the person who had a number at a time by a later report of their new IDs: a number that was used within {@link dormantMs} before the
 * report had no other owner in between.
 */
export function changedOwner(record: KeyRecord, atMs: number): string | undefined {
  for (const owner of ownersByTime(record)) {
    const changeMs = owner.changesMs?.find((one) => one >= atMs);
    if (changeMs !== undefined && changeMs - atMs <= dormantMs) return owner.personId;
    // Somebody else had it in between.
    if (sinceOf(owner) > atMs) return undefined;
  }
  return undefined;
}

/** The record after an event that claims the key for its owner. `isChange`: the event reports new IDs of the owner. */
export function claimedAgain(record: KeyRecord, personId: string, atMs: number, isChange: boolean): KeyRecord {
  const { others, awaitsUserId, ...owner } = record;
  return { ...extended({ ...owner, personId }, atMs, isChange), ...(awaitsUserId && { awaitsUserId }), ...(others && { others }) };
}

/** The record after a number was given to another person. */
export function givenTo(record: KeyRecord, next: KeyRecord): KeyRecord {
  const { awaitsUserId: _awaitsUserId, others = [], ...previous } = record;
  const known = others.find(({ personId }) => personId === next.personId);
  const rest = others.filter((other) => other !== known);
  return { ...next, ...(known?.changesMs && { changesMs: known.changesMs }), others: [previous, ...rest].slice(0, maxOthers) };
}

/** The record after an event that reports that somebody else had the number at another time. */
export function hadBy(record: KeyRecord, personId: string, atMs: number, isChange: boolean): KeyRecord {
  const others = record.others ?? [];
  const known = others.find((other) => other.personId === personId);
  const owner = extended(known ?? { personId, atMs }, atMs, isChange);
  return { ...record, others: [owner, ...others.filter((other) => other !== known)].slice(0, maxOthers) };
}

/** Whether an event tells more about the owner of a key than the record. */
export function isNews(owner: KeyOwner | undefined, atMs: number, isChange: boolean): boolean {
  if (!owner) return true;
  return (atMs > 0 && atMs < sinceOf(owner)) || (isChange && !owner.changesMs?.includes(atMs));
}

function extended(owner: KeyOwner, atMs: number, isChange: boolean): KeyOwner {
  const { sinceMs: _sinceMs, changesMs = [], ...rest } = owner;
  const lastMs = Math.max(owner.atMs, atMs);
  // A claim of time 0 tells nothing about the time.
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

/** Reads what is stored under a key. */
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
