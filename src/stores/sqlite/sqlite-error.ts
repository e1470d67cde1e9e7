import { StoreError } from '../../errors/store-error.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';

/** SQLite's result codes for a locked file: https://www.sqlite.org/rescode.html */
const busyCodes: readonly unknown[] = [5, 6];

/**
 * Returns whether SQLite failed because another connection locks the file.
 *
 * @param error - The error.
 */
export function isBusy(error: unknown): boolean {
  return busyCodes.includes(primaryCode(error));
}

/**
 * Converts an error to a `StoreError`. Errors that aren't from SQLite may contain stored values, so their text is
 * dropped.
 *
 * @param file - The path of the file.
 * @param error - The error.
 */
export function sqliteError(file: string, error: unknown): WhatsAppError {
  if (error instanceof WhatsAppError) return error;
  const detail = detailOf(error);
  if (isBusy(error)) {
    return new StoreError(
      `Another process locked the store ${file} for too long (${detail}). No data was written. Retry the call.`,
      'busy',
      {
        cause: error,
      },
    );
  }
  const advice = primaryCode(error) === 14 ? ' Its folder must exist and be writable.' : '';
  const cause = primaryCode(error) === undefined ? undefined : { cause: error };
  return new StoreError(`The store ${file} failed: ${detail}.${advice}`, 'failed', cause);
}

/** Returns the low byte of an extended result code, if Node provides one. */
function primaryCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** Returns SQLite's message, which never contains values, or the kind of another error. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (primaryCode(error) !== undefined) return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
