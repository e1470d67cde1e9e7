import { BadRequestException } from '@nestjs/common';

/** A recipient with the values of the template's variables. */
export interface CampaignRecipient {
  readonly to: string;
  readonly values: readonly string[] | Readonly<Record<string, string>>;
}

const maxRecipients = 20_000;

/**
 * Reads one recipient for each line: a phone number in the international format, then the values of the variables, separated by
 * commas. Skips repeated numbers.
 *
 * @throws `BadRequestException` that names the first wrong line
 */
export function parseRecipients(lines: string, variables: readonly string[]): readonly CampaignRecipient[] {
  const recipients = new Map<string, CampaignRecipient>();
  const isNumbered = variables.every((name) => /^\d+$/.test(name));
  for (const [index, line] of lines.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [number = '', ...values] = line.split(',').map((part) => part.trim());
    const to = number.replace(/[\s+().-]/g, '');
    const place = `Line ${String(index + 1)}`;
    if (!/^[1-9]\d{6,14}$/.test(to)) throw new BadRequestException(`${place}: write the phone number with its country code.`);
    if (values.length !== variables.length || values.includes('')) {
      throw new BadRequestException(`${place}: this template needs ${String(variables.length)} values after the phone number.`);
    }
    recipients.set(to, {
      to,
      values: isNumbered ? values : Object.fromEntries(variables.map((name, place) => [name, values[place] ?? ''])),
    });
  }
  if (recipients.size === 0) throw new BadRequestException('Name at least one recipient.');
  if (recipients.size > maxRecipients) throw new BadRequestException(`A campaign has at most ${String(maxRecipients)} recipients.`);
  return [...recipients.values()];
}
