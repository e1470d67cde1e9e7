const maxLength = 1_000;

/**
 * Describes a value that a handler threw. It can be anything: an object without a prototype, a revoked proxy, a very
 * long string. Never throws.
 */
export function describeFailure(failure: unknown): string {
  let text: string;
  try {
    text = String(failure);
  } catch {
    text = 'The handler threw a value that cannot be printed.';
  }
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}
