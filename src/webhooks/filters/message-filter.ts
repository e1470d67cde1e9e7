import { isRecord } from '../../runtime/json.js';
import { foldText } from '../../runtime/fold-text.js';
import { parseJson } from '../../runtime/parse-json.js';
import { isStandardSchema, type StandardSchema } from '../../runtime/standard-schema.js';
import type { IncomingMessage } from '../events/message-content.js';

/** Reads the ID of a button or row. `defineCallback` of `wa-coexist/messages` creates one. */
export interface CallbackParser<Data = unknown> {
  /** Returns the data of an ID, or `undefined` if the ID is foreign. */
  parse(id: string): Data | undefined;
}

/** A pattern, or the whole text. The comparison of whole texts ignores case, accents, and punctuation at the ends. */
export type TextMatcher = RegExp | string | readonly string[];

/** An ID: a callback, a pattern, or the exact ID. */
export type IdMatcher = CallbackParser | RegExp | string;

/** Answers of a Flow: a schema, or `'any'`. Only answers that match the schema pass. */
export type FlowMatcher = StandardSchema | 'any';

/** Conditions of messages. A message passes if one of them applies. */
export interface MessageConditions {
  /** A text. */
  readonly text?: TextMatcher | undefined;
  /** A tap on a reply button, or on a quick reply of a template. */
  readonly button?: IdMatcher | undefined;
  /** A choice from a list. */
  readonly list?: IdMatcher | undefined;
  /** The answers of a Flow. */
  readonly flow?: FlowMatcher | undefined;
}

/** Selects messages: all of a kind, all (`'reply'`), or those that meet one of several conditions. */
export type MessageFilter = 'reply' | 'text' | 'button' | 'list' | 'flow' | MessageConditions;

/** A text that passed a filter. */
export interface TextMatch {
  readonly type: 'text';
  readonly text: string;
  /** Named groups of the pattern. */
  readonly groups: Readonly<Record<string, string | undefined>>;
}

/** A button that passed a filter. */
export interface ButtonMatch<Data = undefined> {
  readonly type: 'button';
  readonly id: string;
  readonly title: string | undefined;
  /** Data of the callback. */
  readonly data: Data;
}

/** A row of a list that passed a filter. */
export interface ListMatch<Data = undefined> {
  readonly type: 'list';
  readonly id: string;
  readonly title: string | undefined;
  /** Data of the callback. */
  readonly data: Data;
}

/** Answers of a Flow that passed a filter. */
export interface FlowMatch<Data = unknown> {
  readonly type: 'flow';
  /** The output of the schema, or the answers as the customer's device sent them. */
  readonly data: Data;
  readonly flowToken: string | undefined;
}

/** Any other message. */
export interface ReplyMatch {
  readonly type: 'reply';
}

type DataOf<Matcher> = Matcher extends CallbackParser<infer Data> ? Exclude<Data, undefined> : undefined;
type OutputOf<Matcher> = Matcher extends { readonly '~standard': { readonly types?: { readonly output: infer Output } | undefined } }
  ? Output
  : unknown;

type ConditionMatch<Conditions> =
  | (Conditions extends { readonly text: TextMatcher } ? TextMatch : never)
  | (Conditions extends { readonly button: infer Matcher } ? ButtonMatch<DataOf<Matcher>> : never)
  | (Conditions extends { readonly list: infer Matcher } ? ListMatch<DataOf<Matcher>> : never)
  | (Conditions extends { readonly flow: infer Matcher } ? FlowMatch<OutputOf<Matcher>> : never);

/** The match of a filter in a message. */
export type MessageMatch<Filter extends MessageFilter = MessageFilter> = Filter extends 'reply'
  ? TextMatch | ButtonMatch | ListMatch | FlowMatch | ReplyMatch
  : Filter extends 'text'
    ? TextMatch
    : Filter extends 'button'
      ? ButtonMatch
      : Filter extends 'list'
        ? ListMatch
        : Filter extends 'flow'
          ? FlowMatch
          : ConditionMatch<Filter>;

/** A match of any filter. */
export type AnyMatch = TextMatch | ButtonMatch<unknown> | ListMatch<unknown> | FlowMatch | ReplyMatch;

/** Returns the match of a message, or `undefined` if it doesn't pass. */
export type MessageMatcher = (message: IncomingMessage) => Promise<AnyMatch | undefined> | AnyMatch | undefined;

/**
 * Prepares a filter. The matcher never throws for malformed messages, unless a parser or schema of the caller throws.
 *
 * @param filter - The filter.
 * @returns `undefined` if the filter is malformed
 */
export function messageMatcher(filter: unknown): MessageMatcher | undefined {
  if (filter === 'reply') return (message) => readText(message) ?? readChoice(message) ?? readFlow(message) ?? { type: 'reply' };
  if (filter === 'text') return readText;
  if (filter === 'flow') return readFlow;
  if (filter === 'button' || filter === 'list') {
    return (message) => {
      const choice = readChoice(message);
      return choice?.type === filter ? choice : undefined;
    };
  }
  if (!isRecord(filter)) return undefined;
  const { text, button, list, flow } = filter;
  const given = [text, button, list, flow].filter((condition) => condition !== undefined);
  const fitsText = text === undefined ? undefined : textTest(text);
  const fitsButton = button === undefined ? undefined : idTest(button);
  const fitsList = list === undefined ? undefined : idTest(list);
  const isFlow = flow === 'any' || isStandardSchema(flow);
  const understood = [fitsText, fitsButton, fitsList, isFlow ? flow : undefined].filter((test) => test !== undefined);
  if (given.length === 0 || given.length !== understood.length) return undefined;
  return (message) => {
    const asText = fitsText && readText(message);
    const found = asText && fitsText(asText.text);
    if (asText && found) return { ...asText, groups: found };
    const choice = readChoice(message);
    const choiceTest = choice?.type === 'button' ? fitsButton : choice?.type === 'list' ? fitsList : undefined;
    const result = choice && choiceTest?.(choice.id);
    if (choice && result) return { ...choice, data: result.data };
    const answers = isFlow ? readFlow(message) : undefined;
    return answers && isStandardSchema(flow) ? validated(answers, flow) : answers;
  };
}

type Groups = Readonly<Record<string, string | undefined>>;

function textTest(matcher: unknown): ((text: string) => Groups | undefined) | undefined {
  const pattern = statelessPattern(matcher);
  if (pattern) {
    return (text) => {
      const found = pattern.exec(text);
      return found ? { ...found.groups } : undefined;
    };
  }
  const list: readonly unknown[] = Array.isArray(matcher) ? matcher : [matcher];
  if (list.length === 0 || !list.every((word) => typeof word === 'string')) return undefined;
  const words = new Set(list.map((word) => foldText(word)));
  return (text) => (words.has(foldText(text)) ? {} : undefined);
}

function idTest(matcher: unknown): ((id: string) => { readonly data: unknown } | undefined) | undefined {
  const pattern = statelessPattern(matcher);
  if (pattern) return (id) => (pattern.test(id) ? { data: undefined } : undefined);
  if (typeof matcher === 'string') return (id) => (id === matcher ? { data: undefined } : undefined);
  if (!isRecord(matcher) || typeof matcher.parse !== 'function') return undefined;
  const callback = matcher as unknown as CallbackParser;
  return (id) => {
    const data = callback.parse(id);
    return data === undefined ? undefined : { data };
  };
}

/** Copies a pattern without the flags `g` and `y`, because they make it stateful. */
function statelessPattern(matcher: unknown): RegExp | undefined {
  return matcher instanceof RegExp ? new RegExp(matcher.source, matcher.flags.replace(/[gy]/g, '')) : undefined;
}

function readText(message: IncomingMessage): TextMatch | undefined {
  return message.type === 'text' ? { type: 'text', text: message.text.body, groups: {} } : undefined;
}

function readChoice(message: IncomingMessage): ButtonMatch | ListMatch | undefined {
  if (message.type === 'button') {
    const { payload, text } = message.button;
    return payload === undefined ? undefined : { type: 'button', id: payload, title: text, data: undefined };
  }
  if (message.type !== 'interactive') return undefined;
  const { button_reply: button, list_reply: row } = message.interactive;
  if (button) return { type: 'button', id: button.id, title: button.title, data: undefined };
  return row && { type: 'list', id: row.id, title: row.title, data: undefined };
}

/** Reads the answers of a Flow. `undefined` if the message has no readable answers. */
export function readFlow(message: IncomingMessage): FlowMatch | undefined {
  if (message.type !== 'interactive') return undefined;
  const { nfm_reply: reply } = message.interactive;
  if (!reply || (reply.name !== undefined && reply.name !== 'flow') || reply.response_json === undefined) return undefined;
  try {
    const answers = parseJson(reply.response_json);
    if (!isRecord(answers)) return undefined;
    const token: unknown = answers.flow_token;
    return { type: 'flow', data: answers, flowToken: typeof token === 'string' ? token : undefined };
  } catch {
    return undefined;
  }
}

async function validated(match: FlowMatch, schema: StandardSchema): Promise<FlowMatch | undefined> {
  const result = await schema['~standard'].validate(match.data);
  return result.issues ? undefined : { ...match, data: result.value };
}
