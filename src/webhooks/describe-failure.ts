const maxLength = 1_000;

/** Describes what a handler threw, which can be anything: an object without a prototype, a revoked proxy, a very long text. Never throws. */
export function describeFailure(failure: unknown): string {
  let text: string;
  try {
    text = String(failure);
  } catch {
    text = 'The handler threw a value that cannot be printed.';
  }
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}
