/**
 * Normalizes a text for the comparison of keywords: lower case, no accents or invisible characters, single spaces, one
 * kind of hyphens and apostrophes, and no punctuation at the ends.
 *
 * @param text - The text.
 */
export function foldText(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(/[\u0300-\u036f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
      // Phones type other hyphens and apostrophes than keyboards.
      .replace(/\p{Pd}/gu, '-')
      .replace(/[\u2018\u2019\u02bc\u00b4\u0060]/g, "'")
      .toLowerCase()
      .split(/\s+/)
      .join(' ')
      .replace(/^[^\p{L}\p{N}]+/u, '')
      .replace(/(?<![^\p{L}\p{N}])[^\p{L}\p{N}]+$/u, '')
  );
}
