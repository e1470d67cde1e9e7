import { argumentError, checkObject } from '../errors/check-options.js';
import type { WhatsAppError } from '../errors/whatsapp-error.js';

/**
 * Runs the part of an action that reads the caller's parameters. It fails only with errors of the library: errors of
 * the runtime and of the caller's getters may quote values and are dropped.
 *
 * @throws `InvalidArgumentError`, or the error of the library that `run` throws or rejects with.
 */
export function readParameters<Result>(action: string, parameters: unknown, options: unknown, run: () => Result): Result {
  checkObject(action, 'parameters', parameters);
  checkObject(action, 'options', options);
  try {
    return run();
  } catch (error) {
    throw parameterError(action, error);
  }
}

/**
 * Awaits the part of an action that reads the caller's parameters between promises.
 *
 * @throws as {@link readParameters}
 */
export async function readInPromise<Result>(action: string, reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    throw parameterError(action, error);
  }
}

/** Returns the error of an action that could not read its parameters. Errors of the library remain unchanged. */
export function parameterError(action: string, error: unknown): WhatsAppError {
  return argumentError(action, 'parameters', error);
}
