/** Length of the number in an ID. It is fixed, so IDs of one generator sort in the order of their creation. */
const digits = 8;

/** Generates unique IDs: 12 random characters and a number. An ID has 20 characters, without colons and slashes. */
export interface SendIds {
  /** Prefix of all its IDs. */
  readonly prefix: string;
  next(): string;
}

/** Creates a generator with a random prefix. */
export function createSendIds(): SendIds {
  const random = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(9))));
  const prefix = random.replaceAll('+', '-').replaceAll('/', '_');
  let number = 0;
  return { prefix, next: () => prefix + (number += 1).toString(36).padStart(digits, '0') };
}
