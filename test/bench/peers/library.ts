/** A library as its users see it: sending and receiving, written as in its README. */
export interface Library {
  readonly name: LibraryName;
  /** Programs for one task each, for a bundler. */
  readonly programs: {
    /** Sends one text. */
    readonly send: string;
    /** Sends texts within the limits of the number. Absent if a library doesn't support that. */
    readonly sendWithinLimits?: string;
    /** Verifies the signature of a webhook and parses it. */
    readonly receive: string;
  };
  /** The minimum imports for sending and for receiving. */
  readonly imports: { readonly send: string; readonly receive: string };
  /** Creates a client for a Graph API at this address. */
  sender(origin: string): TextSender;
  /** Creates a webhook receiver. */
  receiver(): Receiver | Promise<Receiver>;
}

/** In the order of the tables. */
export const libraryNames = [
  'wa-coexist',
  '@kapso/whatsapp-cloud-api',
  'whatsapp-api-js',
  '@great-detail/whatsapp',
  'whatsapp-business',
] as const;

export type LibraryName = (typeof libraryNames)[number];

export interface TextSender {
  /** Rejects if the library reports that the message wasn't sent. */
  send(to: string, text: string): Promise<unknown>;
  close?(): Promise<void>;
}

export interface Receiver {
  receive(request: Request): Promise<Received>;
  /** Whether `receive` runs only code of the library, so that its speed can be measured. */
  readonly timed: boolean;
  close?(): Promise<void>;
}

/** The result of a delivery. */
export interface Received {
  /** The response to Meta. Every endpoint creates one, with or without a library. */
  readonly response: Response;
  /** The data that the library reported to the caller's code, in the common notation of `payloads.ts`. */
  readonly told: readonly string[];
  /** Fields of webhooks whose untyped JSON the caller received. */
  readonly raw: readonly string[];
}

export const place = { phoneNumberId: '339900112233445', wabaId: '211987650043210' } as const;
