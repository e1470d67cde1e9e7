import type { Client, RequestOptions } from '../../client/client.js';
import { getPhoneNumber } from '../../phone-numbers/get-phone-number.js';
import { listPhoneNumbers } from '../../phone-numbers/list-phone-numbers.js';
import { isCoexistenceNumber, type PhoneNumber } from '../../phone-numbers/phone-number.js';
import type { NumberFacts } from './onboarding-state.js';

/** Fields that identify a coexistence number, and fields for people. */
const fields = ['id', 'display_phone_number', 'verified_name', 'is_on_biz_app', 'platform_type'];

/**
 * Reads the numbers of a WABA. If the list omits a required field, it reads the number separately: `is_on_biz_app`
 * isn't documented for the list.
 *
 * @param client - The client.
 * @param wabaId - The WABA.
 * @param options - The options of the requests.
 */
export async function readNumbers(client: Client, wabaId: string, options: RequestOptions = {}): Promise<readonly NumberFacts[]> {
  const numbers: NumberFacts[] = [];
  for await (const listed of listPhoneNumbers(client.for({ wabaId }), { fields }, options)) {
    const saysAll = listed.is_on_biz_app !== undefined && listed.platform_type !== undefined;
    numbers.push(factsOf(saysAll ? listed : { ...listed, ...(await readNumber(client, wabaId, listed.id, options)) }));
  }
  return numbers;
}

/**
 * Reads one number with the target of the later one-time requests. This proves that the target has a valid token, and
 * that the list wasn't outdated.
 *
 * @param client - The client.
 * @param wabaId - The WABA.
 * @param phoneNumberId - The number.
 */
export async function confirmNumber(client: Client, wabaId: string, phoneNumberId: string): Promise<NumberFacts> {
  return factsOf(await readNumber(client, wabaId, phoneNumberId, {}));
}

async function readNumber(client: Client, wabaId: string, phoneNumberId: string, options: RequestOptions): Promise<PhoneNumber> {
  const number = await getPhoneNumber(client.for({ wabaId, phoneNumberId, coexistence: true }), { fields }, options);
  return { ...number, id: phoneNumberId };
}

function factsOf(number: PhoneNumber): NumberFacts {
  return {
    phoneNumberId: number.id,
    coexistence: isCoexistenceNumber(number),
    ...(number.display_phone_number !== undefined && { displayPhoneNumber: number.display_phone_number }),
    ...(number.verified_name !== undefined && { verifiedName: number.verified_name }),
  };
}
