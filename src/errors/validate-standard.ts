import { isRecord } from '../runtime/json.js';
import type { StandardResult, StandardSchema } from '../runtime/standard-schema.js';
import { InvalidArgumentError } from './invalid-argument-error.js';

/**
 * Checks a value with a schema, whose library may be wrong.
 *
 * @param action - The function that the caller used.
 * @param schema - The schema.
 * @param value - The value.
 * @throws `InvalidArgumentError` if the schema returns no result, and the errors that it throws
 */
export async function validateStandard<Output>(
  action: string,
  schema: StandardSchema<unknown, Output>,
  value: unknown,
): Promise<StandardResult<Output>> {
  const result: unknown = await schema['~standard'].validate(value);
  const isResult = isRecord(result) && (Array.isArray(result.issues) || (result.issues === undefined && 'value' in result));
  if (!isResult) throw new InvalidArgumentError(action, 'schema', 'must return a value or a list of issues, as Standard Schema requires');
  return result as StandardResult<Output>;
}
