/** Codes, words of Meta's that must be in the error, and what to do. */
type Remedy = readonly [codes: readonly number[], said: RegExp | undefined, remedy: string];

const permission = "Check the token's permissions and assets.";

/**
 * What to do about the errors that developers meet most. The first row that matches counts. `describeError` has a text for every documented
 * code, this short table is part of each error's message.
 *
 * Sources: Meta, Error codes (Sep 2026) and Embedded Signup implementation (20 Feb 2026). The advice on number spellings follows public reports
 * of 2025 and 2026 about numbers of Mexico, Argentina and Brazil.
 */
const rows: readonly Remedy[] = [
  [[100], /code.*(?:used|expired)/i, 'A signup code works one time, within 30 seconds. Start Embedded Signup again.'],
  [[33, 100], /unsupported \w+ request|does not exist/i, `The ID is wrong, or the token can't access it. ${permission}`],
  [[190], undefined, 'Create a new access token.'],
  [[3, 10, 200, 131005], undefined, permission],
  [[130429, 131056], undefined, 'Send more slowly.'],
  [
    [131030],
    undefined,
    'Add the number in the App Dashboard, in the spelling you send to: Mexico 52 or 521, Argentina 54 or 549, Brazil with or without the ninth digit.',
  ],
  [[131042], undefined, 'Fix the payment method in WhatsApp Manager.'],
  [[131047], undefined, 'Send a template, and check the country code.'],
  [[132000, 132012], undefined, 'Compare the parameters with the template.'],
  [[132001], undefined, 'Check the name, language and account of the template.'],
  [[133010], undefined, 'Register or onboard the number.'],
];

/** A path of a request that begins with a phone number: too short for an ID, or with a plus sign. */
const phoneNumberPath = /\/(\+\d[^/]*|\d{8,13})(?:\/|$)/;

/**
 * Finds what to do about an error.
 *
 * @param said - What Meta said.
 * @param operation - Method and path of the request.
 */
export function remedyOf(code: number, subcode: number | undefined, said: string, operation = ''): string | undefined {
  const [, , remedy] = rows.find(([codes, words]) => codes.includes(code) && (words?.test(said) ?? true)) ?? [];
  const [, number] = ((code === 100 || code === 33) && (subcode === 33 || remedy) && phoneNumberPath.exec(operation)) || [];
  if (number === undefined) return remedy;
  return `${number} looks like a phone number. Use the phone number ID, which listPhoneNumbers returns.`;
}
