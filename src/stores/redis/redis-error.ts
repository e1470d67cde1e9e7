import { StoreError } from '../../errors/store-error.js';

/**
 * Redis errors begin with a code in capitals:
 * https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
 */
const refusal = /^([A-Z][A-Z0-9]+) /;

/**
 * Temporary errors: a long script of another client, a starting server, or a cluster that moves data or elects a new
 * primary.
 */
const passing: readonly (string | undefined)[] = ['BUSY', 'LOADING', 'TRYAGAIN', 'CLUSTERDOWN', 'MASTERDOWN'];

const advice: Readonly<Partial<Record<string, string>>> = {
  CROSSSLOT: 'On a Redis Cluster, pass a prefix with a hash tag, such as `{shop}:`, so that one node stores all keys.',
  READONLY: 'This is a replica. Connect to the primary.',
  OOM: 'Give Redis more memory (maxmemory), or use a separate Redis for the store.',
  WRONGTYPE: 'Another program writes under the prefix of the store. Use another prefix.',
};

/** Maximum length of a Redis message in an error. */
const maxDetailLength = 500;

/**
 * Converts the error of a command to a `StoreError`.
 *
 * @param error - The error of the client.
 * @param command - Whether the command writes.
 */
export function redisError(error: unknown, command: 'read' | 'write'): StoreError {
  if (error instanceof StoreError) return error;
  const detail = withoutArguments(error instanceof Error ? error.message : typeof error === 'string' ? error : 'unknown error');
  const options = { cause: withoutCommand(error, detail) };
  const code = refusal.exec(detail)?.[1];
  if (passing.includes(code)) {
    return new StoreError(`Redis is temporarily unavailable (${detail}). It wrote no data. Retry the call.`, 'busy', options);
  }
  if (code === undefined && command === 'write') {
    return new StoreError(
      `The connection to Redis failed (${detail}). The call may have written its data. Read the key before you retry.`,
      'unknown',
      options,
    );
  }
  const hint = code === undefined ? undefined : advice[code];
  return new StoreError(`The store in Redis failed: ${detail}${hint === undefined ? '' : ` ${hint}`}`, 'failed', options);
}

/** Redis repeats the start of an unknown command, which may contain a value. */
function withoutArguments(message: string): string {
  return message.replace(/,? with args beginning with:.*$/s, '').slice(0, maxDetailLength);
}

/** Errors of the clients contain the command with its values, which would appear in logs. */
function withoutCommand(error: unknown, detail: string): Error {
  const cause = new Error(detail);
  if (error instanceof Error) cause.name = error.name;
  return cause;
}
