import type { Client } from '../../client/client.js';
import { normalizePhoneNumber } from '../../identity/phone-number-spellings.js';
import { getPhoneNumber } from '../../phone-numbers/get-phone-number.js';
import type { PhoneNumber } from '../../phone-numbers/phone-number.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import { capOf, type SendThroughput } from './throughput.js';

/** The throughput of a number, as Meta reports it. */
export interface ReadThroughput {
  readonly level: 'coexistence' | 'standard' | 'high';
  /** Messages per second. */
  readonly cap: number;
  /** The phone number as digits, if Meta returned it. */
  readonly digits: string;
}

/**
 * Reads the throughput of a number. `is_on_biz_app` has priority, because the meaning of `throughput.level` isn't
 * documented for coexistence numbers. Unknown levels count as standard. Source: Meta, Throughput (11 Sep 2026).
 *
 * @throws the errors of `getPhoneNumber`.
 */
export async function readThroughput(client: Client, phoneNumberId: string, policy: CoexistencePolicy): Promise<ReadThroughput> {
  const fields = ['is_on_biz_app', 'throughput', 'display_phone_number'];
  const number = await getPhoneNumber(client, { phoneNumberId, fields });
  const level = levelOf(number);
  return { level, cap: capOf('createSender', level, policy), digits: normalizePhoneNumber(number.display_phone_number ?? '') ?? '' };
}

function levelOf(number: PhoneNumber): ReadThroughput['level'] & SendThroughput {
  if (number.is_on_biz_app === true) return 'coexistence';
  return number.throughput?.level === 'HIGH' ? 'high' : 'standard';
}
