/** The JSON that the server sends to its pages. It contains no token and no secret. */

/** A connected number. */
export interface NumberView {
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string;
  readonly verifiedName: string;
}

/** A conversation in the list. */
export interface ThreadView {
  readonly phoneNumberId: string;
  readonly id: string;
  readonly title: string;
  /** The phone number or the username, if one is known and isn't the title. */
  readonly subtitle: string;
  readonly unread: number;
  readonly lastText: string;
  readonly lastAt: string | null;
}

/** An open conversation. */
export interface ThreadDetails extends ThreadView {
  /** Who replies: the bot, or a person. */
  readonly assignee: 'bot' | 'person';
  readonly person: string | null;
  readonly assignedUntil: string | null;
  /** Whether free-form messages are allowed. */
  readonly window: 'open' | 'closed' | 'unknown';
  readonly windowUntil: string | null;
}

/** A message of either side. */
export interface MessageView {
  readonly id: string;
  readonly threadId: string;
  readonly author: 'customer' | 'app' | 'api' | 'unknown';
  readonly at: string | null;
  readonly text: string;
  readonly status: string | null;
  readonly error: string | null;
  readonly isEdited: boolean;
  readonly isDeleted: boolean;
  readonly reactions: readonly string[];
}

/** One page of a list. `next` is the cursor of the following page. */
export interface PageView<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** A template that a campaign can use, with the names of its variables. */
export interface TemplateView {
  readonly name: string;
  readonly language: string;
  readonly category: string;
  readonly body: string;
  readonly variables: readonly string[];
}

/** A campaign and its progress. */
export interface CampaignView {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly name: string;
  readonly template: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly total: number;
  readonly state: 'running' | 'paused' | 'cancelled' | 'stopped' | 'done';
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  /** Rejections by Meta's code, with an explanation. */
  readonly reasons: readonly { readonly code: string; readonly count: number; readonly meaning: string }[];
  readonly failures: readonly { readonly recipient: string; readonly kind: string; readonly message: string }[];
}

/** The result of a signup. */
export interface SignupView {
  readonly onboardingId: string;
  readonly state: string;
  readonly number: NumberView | null;
  /** Numbers to choose from, if the account has several. */
  readonly choices: readonly NumberView[];
  readonly checklist: readonly string[];
}

/** An error of the server, with its fix if one is known. */
export interface ErrorView {
  readonly kind: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** An event of the live stream. */
export type LiveEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'ping' }
  | {
      readonly type: 'conversation';
      readonly phoneNumberId: string;
      /** The changed IDs of its customer. A page can know the conversation by one of them. */
      readonly ids: readonly string[];
      readonly thread: ThreadDetails;
      readonly messages: readonly MessageView[];
    }
  /** Too much changed for single events, for example because the history arrived. */
  | { readonly type: 'reload'; readonly phoneNumberId: string }
  | { readonly type: 'history'; readonly phoneNumberId: string; readonly status: string; readonly progress: number }
  | { readonly type: 'campaign'; readonly phoneNumberId: string; readonly campaign: CampaignView };
