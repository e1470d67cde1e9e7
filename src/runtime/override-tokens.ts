/** Maximum number of overrides whose verify tokens are stored. */
const maxTokens = 1_000;

/** Verify tokens that this process passed to Meta in callback overrides, oldest first. */
const tokens = new Set<string>();

/**
 * Remembers the verify token of a callback override, so that every webhook receiver of the process accepts it. Meta verifies the callback while
 * the call that sets the override is in flight.
 */
export function rememberOverrideToken(token: unknown): void {
  if (typeof token !== 'string' || token === '') return;
  tokens.delete(token);
  tokens.add(token);
  for (const oldest of tokens) {
    if (tokens.size <= maxTokens) return;
    tokens.delete(oldest);
  }
}

/** Returns the verify tokens of overrides that this process has set. */
export function overrideVerifyTokens(): Iterable<string> {
  return tokens;
}
