import { StoreError } from '../../errors/store-error.js';

/** SQLite's result codes for a file that somebody else holds: https://www.sqlite.org/rescode.html */
const busyCodes: readonly unknown[] = [5, 6];

/** Whether SQLite refused because another connection holds the file. */
export function isBusy(error: unknown): boolean {
  return busyCodes.includes(primaryCode(error));
}

/** What callers of the store are told. */
export function sqliteError(file: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  if (isBusy(error)) {
    return new StoreError(
      `The store ${file} was held by another process for too long (${detail}). Nothing was written; try again.`,
      'busy',
      {
        cause: error,
      },
    );
  }
  const advice = primaryCode(error) === 14 ? ' Its folder must exist and be writable.' : '';
  return new StoreError(`The store ${file} failed: ${detail}.${advice}`, 'failed', { cause: error });
}

/** The low byte of an extended result code, where Node put one. */
function primaryCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
