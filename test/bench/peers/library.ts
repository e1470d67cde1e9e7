/** A library as its users see it: the two things that everybody does with it, written as its own README does. */
export interface Library {
  readonly name: LibraryName;
  /** Programs that hold nothing but one task, for a bundler. */
  readonly programs: {
    /** Sends one text. */
    readonly send: string;
    /** Sends texts and keeps to the number's limits; absent where a library does not. */
    readonly sendWithinLimits?: string;
    /** Checks the signature of a webhook and takes it apart. */
    readonly receive: string;
  };
  /** What is imported, at the least, to send and to receive. */
  readonly imports: { readonly send: string; readonly receive: string };
  /** Opens a client of a Graph API at this address. */
  sender(origin: string): TextSender;
  /** Opens a receiver of webhooks. */
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
  /** Rejects where the library lets its caller know that the message was not sent. */
  send(to: string, text: string): Promise<unknown>;
  close?(): Promise<void>;
}

export interface Receiver {
  receive(request: Request): Promise<Received>;
  /** Whether the work of `receive` is the library's alone, so that its speed is. */
  readonly timed: boolean;
  close?(): Promise<void>;
}

/** What came of a delivery. */
export interface Received {
  /** What Meta is answered: an endpoint has to make one, whatever its library does. */
  readonly response: Response;
  /** What the caller's code was told in the library's own words, in a notation that is the same for all libraries: see `payloads.ts`. */
  readonly told: readonly string[];
  /** Fields of webhooks whose JSON the caller was handed as it came, untyped. */
  readonly raw: readonly string[];
}

export const place = { phoneNumberId: '339900112233445', wabaId: '211987650043210' } as const;
