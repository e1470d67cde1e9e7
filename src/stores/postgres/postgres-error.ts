import { StoreError } from '../../errors/store-error.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';

/** Another transaction wrote the same rows: serialization failure and deadlock. */
const conflictCodes: readonly unknown[] = ['40001', '40P01'];
/** The server is starting, stopping or full, or a lock was not available. */
const busyCodes: readonly unknown[] = ['53300', '55P03', '57P03', ...conflictCodes];
/** The text of errors in these classes contains names and states, but never values. */
const plainClasses: readonly string[] = ['08', '25', '28', '3D', '3F', '40', '42', '53', '55', '57', '58'];

/** Codes of a missing table or function. */
const missingCodes: readonly unknown[] = ['42P01', '42883'];

/**
 * Returns whether another transaction wrote the same rows, so that the statement can be repeated.
 *
 * @param error - The error of the driver.
 */
export function isConflict(error: unknown): boolean {
  return conflictCodes.includes(codeOf(error));
}

/**
 * Converts the error of a driver to a `StoreError`. It drops texts that can contain stored values.
 *
 * @param error - The error of the driver.
 * @param command - Whether the statement writes.
 */
export function postgresError(error: unknown, command: 'read' | 'write'): WhatsAppError {
  if (error instanceof WhatsAppError) return error;
  const code = codeOf(error);
  const detail = detailOf(error, code);
  const cause = new Error(detail);
  if (busyCodes.includes(code)) {
    return new StoreError(`PostgreSQL couldn't finish the statement (${detail}). It wrote no data. Retry it.`, 'busy', { cause });
  }
  const isLost = code === undefined || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('08') || code.startsWith('57P0');
  if (isLost && command === 'write') {
    return new StoreError(
      `The connection to PostgreSQL failed (${detail}). The statement wrote all of its data or no data. Read it before you retry.`,
      'unknown',
      { cause },
    );
  }
  const advice = missingCodes.includes(code) ? ' Call migrate() first, or run the SQL of its migration.' : '';
  return new StoreError(`PostgreSQL failed: ${detail}.${advice}`, 'failed', { cause });
}

/** Returns the SQLSTATE or the code of a network error. Some libraries wrap the driver's error. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$|^E[A-Z]+$/.test(error.code)) return error.code;
  return codeOf(error.cause);
}

function detailOf(error: unknown, code: string | undefined): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (code === undefined) return error.name;
  return plainClasses.includes(code.slice(0, 2)) && error.cause === undefined ? `${code}: ${error.message.slice(0, 300)}` : code;
}
