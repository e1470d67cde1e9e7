import type { FakeState } from '../fake-state.js';
import { invalidParameter } from '../refusal.js';
import type { BusinessNumber, Token, Waba } from '../world.js';

/** A request of the Graph API, taken apart. */
export interface Call {
  readonly state: FakeState;
  readonly method: string;
  /** Scheme and host that the request went to, for links to further pages. */
  readonly origin: string;
  /** Path with version, without query. */
  readonly path: string;
  /** Query parameters and the fields of the body: Graph takes either. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A call whose token is good. */
export interface AuthorizedCall extends Call {
  readonly token: Token;
}

/** A call at a WABA that the token is good for. */
export interface WabaCall extends AuthorizedCall {
  readonly waba: Waba;
}

/** A call at a number that the token is good for. */
export interface NumberCall extends AuthorizedCall {
  readonly number: BusinessNumber;
}

/** A field that has to be a text. @throws `Refusal` */
export function requiredText({ fields }: Call, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw invalidParameter(`The parameter ${name} is required.`);
  return value;
}

/** A field that may be a text. */
export function optionalText({ fields }: Call, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
