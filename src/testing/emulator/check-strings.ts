import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';

/** Checks that an option is a list of texts that are not empty. @throws `InvalidArgumentError` */
export function checkStrings(owner: string, name: string, values: unknown): void {
  const isValid = Array.isArray(values) && values.every((value) => typeof value === 'string' && value !== '');
  if (!isValid) throw new InvalidArgumentError(owner, name, 'must be an array of texts that are not empty');
}
