/**
 * Reads a PEM as environment variables, `.env` files and JSON contain it: with `\n` or `\r\n` as characters, or in quotes.
 *
 * @param text - The PEM, in any of these forms.
 */
export function normalizePem(text: string): string {
  const lines = text.replaceAll(/(?:\\+r)?\\+n/g, '\n').trimStart();
  return lines.replace(/^(["'])\s*([^]*)\1\s*$/, '$2');
}
