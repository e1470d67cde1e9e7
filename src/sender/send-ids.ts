/** How long the number in an id is, so that ids of one maker sort in the order of their making. */
const digits = 8;

/** Ids that nobody else makes: 12 random characters and a number, 20 characters and none of them a colon or a slash. */
export interface SendIds {
  /** What its ids begin with. */
  readonly prefix: string;
  next(): string;
}

/** Begins with a random prefix. */
export function createSendIds(): SendIds {
  const random = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(9))));
  const prefix = random.replaceAll('+', '-').replaceAll('/', '_');
  let number = 0;
  return { prefix, next: () => prefix + (number += 1).toString(36).padStart(digits, '0') };
}
