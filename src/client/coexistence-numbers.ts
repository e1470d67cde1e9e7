import { StoreError } from '../errors/store-error.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';
import type { FeatureRestriction } from '../errors/restricted-feature-error.js';
import type { CoexistenceEndpoint } from '../policy/endpoints.js';
import type { CoexistenceFeature } from '../policy/features.js';

/** A rule that a request breaks if its number is a coexistence number. */
export interface RequestRestriction {
  /** Name of the feature or endpoint in the policy. */
  readonly subject: CoexistenceEndpoint | CoexistenceFeature;
  readonly rule: FeatureRestriction;
  readonly phoneNumberId: string;
}

/** Reports whether a number is currently on the WhatsApp Business app. `createCoexistence` looks it up in its store. */
export type CoexistenceLookup = (phoneNumberId: string) => Promise<boolean>;

/**
 * The coexistence numbers that a client knows. All views of a client (`client.for`) share them.
 *
 * The client consults them only for requests that the policy restricts, so that ordinary requests never wait for a
 * store.
 */
export interface CoexistenceNumbers {
  /** Whether no lookup is registered. */
  readonly isEmpty: boolean;
  /**
   * Registers a lookup and returns a function that removes it.
   *
   * @param lookup - Reports whether a number is on the WhatsApp Business app.
   */
  register(lookup: CoexistenceLookup): () => void;
  /**
   * Calls the registered lookups. It doesn't cache results, because another process may have onboarded or disconnected
   * the number.
   *
   * @param phoneNumberId - Graph ID of the number.
   * @throws `StoreError` if a lookup fails, because the request could harm the number's registration in the app.
   */
  includes(phoneNumberId: string): Promise<boolean>;
}

/** Creates the registry of one client. */
export function createCoexistenceNumbers(): CoexistenceNumbers {
  const lookups = new Set<{ readonly lookup: CoexistenceLookup }>();
  return {
    get isEmpty() {
      return lookups.size === 0;
    },
    register(lookup) {
      const entry = { lookup };
      lookups.add(entry);
      return () => {
        lookups.delete(entry);
      };
    },
    async includes(phoneNumberId) {
      for (const { lookup } of lookups) {
        try {
          if (await lookup(phoneNumberId)) return true;
        } catch (cause) {
          throw new StoreError(
            `The request was not sent: createCoexistence could not read its store, so it is unknown whether number ${phoneNumberId} is on the ` +
              `WhatsApp Business app${cause instanceof WhatsAppError ? ` (${cause.message})` : ''}. Check the store, then retry.`,
            cause instanceof StoreError ? cause.reason : 'failed',
            { cause },
          );
        }
      }
      return false;
    },
  };
}
