/**
 * Returns a text in the form in which keywords are compared: in lower case, without accents, with single spaces, and
 * without punctuation at its ends.
 *
 * @param text - The text.
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .split(/\s+/)
    .join(' ')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .replace(/(?<![^\p{L}\p{N}])[^\p{L}\p{N}]+$/u, '');
}
