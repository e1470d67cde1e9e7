import { findMessageId, messageToken, parseMessageId } from '../identity/message-id.js';
import { personKeys, type PersonIds } from '../identity/person.js';
import type { IdentityRegister } from '../identity/register.js';
import { numberKey } from '../runtime/keys.js';
import type { Store } from '../stores/store.js';
import { readRecord, updateRecord } from '../stores/records.js';

/** Wamids of one number that contain the same token. */
type TokenRecord = { readonly ids: readonly string[] };

/** One token has few wamids: the spellings of a message, and by chance a message of another conversation. */
const maxIds = 20;

/** Finds messages that were stored under another spelling of their wamid, within one conversation. */
export interface MessageIndex {
  /**
   * Stores a wamid, unless another spelling of the message is stored in the conversation with the person. Of several spellings that arrive at
   * the same time, in any process, one is stored.
   *
   * @returns the wamid that is stored for the message. Wamids of an unknown layout aren't stored, and stand for themselves.
   */
  claim(phoneNumberId: string, messageId: string, customer: PersonIds): Promise<string>;
  /** Finds the stored wamid of the same message in the conversation with a person, unless different messages match. */
  find(phoneNumberId: string, messageId: string, customer: PersonIds): Promise<string | undefined>;
}

/** Makes a {@link MessageIndex} on a store. `kind` is the last part of its key prefix. */
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

/** The person whom a wamid names, or no IDs if its layout isn't known. */
export function peerOf(messageId: string): PersonIds {
  const parts = parseMessageId(messageId);
  // A user ID in the place of a number is read as a user ID.
  return parts ? { waId: parts.peer } : {};
}

/** Whether two sets of IDs belong to one person, as far as the register knows. */
export async function isSamePerson(register: IdentityRegister, phoneNumberId: string, left: PersonIds, right: PersonIds): Promise<boolean> {
  const [one, other] = await Promise.all([register.find(phoneNumberId, left), register.find(phoneNumberId, right)]);
  if (one && other) return one.id === other.id;
  const keys = personKeys(left);
  return !one && !other && personKeys(right).some((key) => keys.includes(key));
}
