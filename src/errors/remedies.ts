/** Codes, a condition, and a remedy. The condition is a pattern for Meta's text, or a list of subcodes. */
type Remedy = readonly [codes: readonly number[], condition: RegExp | readonly number[] | undefined, remedy: string];

const permission = "Check the token's permissions and assets.";

/**
 * Remedies for the most common errors. The first row that matches counts. `describeError` has a text for every
 * documented code, but this short table is part of the error messages.
 *
 * Sources: Meta, Error codes (Sep 2026) and Embedded Signup implementation (20 Feb 2026). The advice on number
 * spellings is based on public reports of 2025 and 2026 about numbers in Mexico, Argentina and Brazil.
 */
const rows: readonly Remedy[] = [
  [[100], [36007, 36009], 'A signup code works only once, within 30 seconds. Start Embedded Signup again.'],
  [[33, 100], /unsupported \w+ request|does not exist/i, `The ID is incorrect, or the token can't access it. ${permission}`],
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

/** Matches a phone number: too short for an ID, or with a plus sign. */
const phoneNumber = /^(?:\+\d.*|\d{8,13})$/;

/**
 * Finds the remedy for an error.
 *
 * @param code - Meta's code.
 * @param subcode - Meta's subcode.
 * @param said - Meta's texts.
 * @param request - Method and path of the request, with the real IDs and with placeholders.
 */
export function remedyOf(
  code: number,
  subcode: number | undefined,
  said: string,
  request: { readonly operation?: string; readonly pathTemplate?: string },
): string | undefined {
  const applies = (condition: Remedy[1]): boolean =>
    condition instanceof RegExp ? condition.test(said) : (condition?.includes(subcode ?? 0) ?? true);
  const [, , remedy] = rows.find(([codes, condition]) => codes.includes(code) && applies(condition)) ?? [];
  if ((code !== 100 && code !== 33) || (subcode !== 33 && remedy === undefined)) return remedy;
  const { operation = '', pathTemplate = '' } = request;
  const id = operation.split('/')[pathTemplate.split('/').indexOf('{phone-number-id}')];
  if (id === undefined || !phoneNumber.test(id)) return remedy;
  return `${id} looks like a phone number. Use the phone number ID, which listPhoneNumbers returns.`;
}
