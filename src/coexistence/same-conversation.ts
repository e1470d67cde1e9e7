import { findMessageId, messageToken, parseMessageId } from '../identity/message-id.js';
import { personKeys, type PersonIds } from '../identity/person.js';
import type { IdentityRegister } from '../identity/register.js';
import { numberKey } from '../runtime/keys.js';
import type { Store } from '../stores/store.js';
import { readRecord, updateRecord } from '../stores/records.js';

/** The wamids of one number with the same token. */
type TokenRecord = { readonly ids: readonly string[] };

/** A token has few wamids: the spellings of one message, and rarely a message of another conversation. */
const maxIds = 20;

/** Finds messages by another spelling of their wamid, within one conversation. */
export interface MessageIndex {
  /**
   * Stores a wamid, unless the conversation already contains another spelling of the message. Of concurrent spellings
   * in any process, only one is stored.
   *
   * @param phoneNumberId - The business number.
   * @param messageId - The wamid.
   * @param customer - The IDs of the customer.
   * @returns the stored wamid of the message. A wamid with an unknown layout isn't stored and is returned unchanged.
   */
  claim(phoneNumberId: string, messageId: string, customer: PersonIds): Promise<string>;
  /** Finds the stored wamid of a message in a conversation. Returns `undefined` if different messages match. */
  find(phoneNumberId: string, messageId: string, customer: PersonIds): Promise<string | undefined>;
}

/**
 * Creates a {@link MessageIndex}.
 *
 * @param store - The store of all modules.
 * @param register - Finds the person for the IDs of a customer.
 * @param kind - The last part of the key prefix.
 * @param ttlMs - How long a wamid is stored.
 */
export function messageIndex(store: Store, register: IdentityRegister, kind: string, ttlMs: number): MessageIndex {
  const keyOf = (phoneNumberId: string, token: string): string => numberKey(phoneNumberId, kind, token);
  const findAmong = async (
    ids: readonly string[],
    phoneNumberId: string,
    messageId: string,
    customer: PersonIds,
  ): Promise<string | undefined> => {
    const candidates: string[] = [];
    for (const id of ids) if (await isSamePerson(register, phoneNumberId, peerOf(id), customer)) candidates.push(id);
    return findMessageId(messageId, candidates);
  };
  return {
    async find(phoneNumberId, messageId, customer) {
      const token = messageToken(messageId);
      if (token === undefined) return undefined;
      const { ids = [] } = (await readRecord<TokenRecord>(store, keyOf(phoneNumberId, token))) ?? {};
      return findAmong(ids, phoneNumberId, messageId, customer);
    },
    async claim(phoneNumberId, messageId, customer) {
      const token = messageToken(messageId);
      if (token === undefined) return messageId;
      return updateRecord<TokenRecord, string>(store, keyOf(phoneNumberId, token), async ({ ids } = { ids: [] }) => {
        const storedId = await findAmong(ids, phoneNumberId, messageId, customer);
        if (storedId !== undefined) return { result: storedId };
        return { state: { ids: [...ids.filter((id) => id !== messageId), messageId].slice(-maxIds) }, ttlMs, result: messageId };
      });
    },
  };
}

/**
 * Returns the person in a wamid, or no IDs if the layout is unknown.
 *
 * @param messageId - The wamid.
 */
export function peerOf(messageId: string): PersonIds {
  const parts = parseMessageId(messageId);
  // The register also accepts a user ID in this field.
  return parts ? { waId: parts.peer } : {};
}

/**
 * Returns whether two sets of IDs belong to the same person, according to the register.
 *
 * @param register - Finds the person for each set.
 * @param phoneNumberId - The business number.
 * @param left - The IDs of one person.
 * @param right - The IDs of the other person.
 */
export async function isSamePerson(register: IdentityRegister, phoneNumberId: string, left: PersonIds, right: PersonIds): Promise<boolean> {
  const [one, other] = await Promise.all([register.find(phoneNumberId, left), register.find(phoneNumberId, right)]);
  if (one && other) return one.id === other.id;
  const keys = personKeys(left);
  return !one && !other && personKeys(right).some((key) => keys.includes(key));
}
