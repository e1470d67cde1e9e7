import type { Client } from '../../client/client.js';
import type { Store } from '../../stores/store.js';
import type { ModuleContext } from '../module-context.js';
import type { OnboardingOptions, SaveToken } from './onboarding-module.js';

/** Dependencies of `createOnboarding`. */
export interface OnboardingDeps extends ModuleContext {
  readonly client: Client;
  readonly store: Store;
  readonly saveToken: SaveToken;
  readonly appId: string | undefined;
  readonly options: OnboardingOptions;
  readonly sync: {
    /** Requests contacts or history, at most once per onboarding. Rejects if no request was sent. */
    request(parameters: {
      readonly syncType: 'contacts' | 'history';
      readonly onboardingId: string;
      readonly wabaId: string;
      readonly phoneNumberId: string;
      readonly onboardedAt: Date;
    }): Promise<{ readonly status: 'requesting' | 'requested' | 'unknown' | 'rejected' }>;
  };
  readonly lifecycle: {
    /** Returns the status of a number and its current onboarding. */
    get(phoneNumberId: string): Promise<{ readonly status: string; readonly since: Date; readonly onboardingId: string } | undefined>;
  };
  /** Called if a listener of another module fails. A sweep emits its event again. */
  readonly onListenerError: (error: unknown) => void;
}
