import type { EventBase, OpenEnum } from './base.js';

/** A contact of the app's address book that has WhatsApp. */
export interface AppContact {
  readonly full_name?: string;
  readonly first_name?: string;
  /** Absent for people who hide their number. */
  readonly phone_number?: string;
  readonly user_id?: string;
  readonly parent_user_id?: string;
  readonly username?: string;
}

/** A contact was added, edited or removed in the app; first all of them after the contacts sync was asked for. */
export interface ContactEvent extends EventBase<'contact', 'smb_app_state_sync'> {
  /** `add` stands for an edit, too, and is assumed where Meta names none. */
  readonly action: OpenEnum<'add' | 'remove'>;
  readonly contact: AppContact;
}
