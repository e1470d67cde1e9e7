import { isRecord } from '../../../runtime/json.js';
import type { FakeState } from '../fake-state.js';
import type { FormFile } from '../parse-request.js';
import { invalidParameter } from '../refusal.js';
import type { Answer, BusinessNumber, Flow, GraphRecord, Group, Template, Token, Waba } from '../entities.js';

/** A request of the Graph API, taken apart. */
export interface Call {
  readonly state: FakeState;
  readonly method: string;
  /** Scheme and host that the request went to, for links to further pages. */
  readonly origin: string;
  /** Path with version, without query. */
  readonly path: string;
  /** What follows the first two segments: the item of an edge. */
  readonly item: string;
  /** Query parameters and the fields of the body: Graph takes either. */
  readonly fields: Answer;
  /** Files of a form, by the name of their field. */
  readonly files: Readonly<Record<string, FormFile>>;
  /** The body, where it is a file. */
  readonly bytes: Uint8Array;
  readonly fileOffset: number;
}

/** A call whose token is good. */
export interface AuthorizedCall extends Call {
  readonly token: Token;
}

/** A call at a WABA that the token can access. */
export interface WabaCall extends AuthorizedCall {
  readonly waba: Waba;
}

/** A call at a number that the token can access. */
export interface NumberCall extends AuthorizedCall {
  readonly number: BusinessNumber;
}

/** A call at a template of a WABA that the token can access. */
export interface TemplateCall extends WabaCall {
  readonly template: Template;
}

/** A call at a flow of a WABA that the token can access. */
export interface FlowCall extends WabaCall {
  readonly flow: Flow;
}

/** A call at a group of a number that the token can access. */
export interface GroupCall extends NumberCall {
  readonly group: Group;
}

/** A call at a portfolio with accounts that the token can access. */
export interface BusinessCall extends AuthorizedCall {
  readonly businessId: string;
}

/** A call at an object that only stores what it was given. */
export interface RecordCall extends AuthorizedCall {
  readonly record: GraphRecord;
}

/** What answers calls of one kind, by method and edge; `*` stands for the item of an edge. */
export type Routes<Kind extends Call> = Readonly<Record<string, (call: Kind) => Answer | Promise<Answer>>>;

/** What writes that have nothing else to say answer. */
export const success: Answer = { success: true };

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

/** A list. The layer that reads parameters has read every spelling of it. */
export function listOf({ fields }: Call, name: string): readonly unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value : [];
}

/** A time in Unix seconds. @throws `Refusal` */
export function requiredSeconds({ fields }: Call, name: string): number {
  const value = Number(fields[name]);
  if (!Number.isFinite(value)) throw invalidParameter(`The parameter ${name} is required.`);
  return value;
}

/** The fields of a body that may be stored. */
export function storable({ fields }: Call): Answer {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !['access_token', 'messaging_product'].includes(name)));
}

/** Objects of a list. */
export function recordsOf(list: readonly unknown[]): readonly Answer[] {
  return list.filter(isRecord);
}

/** `messaging_product` has to be there where Meta wants it. @throws `Refusal` */
export function requireProduct(call: Call): void {
  requiredText(call, 'messaging_product');
}
