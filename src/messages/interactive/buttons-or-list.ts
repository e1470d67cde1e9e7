import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { interactiveLimit } from '../../policy/interactive-rules.js';
import { isoDay } from '../../runtime/calendar.js';
import { buttons, list } from '../interactive-builders.js';
import type { FrameOptions, InteractiveContent } from './message-frame.js';
import { isRecord } from '../../runtime/json.js';
import type { ButtonInteractive, ListInteractive, ListRow } from '../outgoing/interactive.js';

/** Choices below a title. */
export interface ChoiceSection {
  /** Title of the section, at most 24 characters. Required if there are several sections. */
  readonly title?: string | undefined;
  readonly choices: readonly ListRow[];
}

/** Options of {@link buttonsOrList}. */
export interface ButtonsOrListOptions extends FrameOptions {
  /**
   * Text of the button that opens the list, at most 20 characters.
   * @defaultValue `'Choose'`
   */
  readonly button?: string | undefined;
}

const action = 'buttonsOrList';

/**
 * Builds a message with choices: up to three reply buttons if they fit, otherwise a list.
 *
 * It builds buttons if there are at most three choices without descriptions and sections, if the titles differ and
 * have at most 20 characters, and if the body has at most 1,024 characters. A list shows up to ten choices, with titles
 * of at most 24 and descriptions of at most 72 characters. The customer's reply is a `button_reply` or a `list_reply`.
 * The filter `{ button, list }` of `webhooks.on` and {@link defineCallback} handle both.
 *
 * Source: Meta, Interactive reply buttons messages and Interactive list messages (Nov 2025).
 *
 * @param body - Text of the message, at most 1,024 characters for buttons and 4,096 for a list.
 * @param choices - One to ten choices with unique IDs, as a plain list or in sections.
 * @param options - Header, footer and the button of a list. A list can't have a header with a file.
 * @returns The content for `sendMessage`, `reply` or a sender. Add the recipient.
 * @throws `InvalidArgumentError` with the path of a choice that exceeds a limit of Meta.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { buttonsOrList } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday'].map((title) => ({ id: title.toLowerCase(), title }));
 * await wa.messages.send({ to: '15550100987', ...buttonsOrList('When shall we come?', days, { button: 'Choose a day' }) });
 * ```
 */
export function buttonsOrList(
  body: string,
  choices: readonly ListRow[] | readonly ChoiceSection[],
  options: ButtonsOrListOptions = {},
): InteractiveContent<ButtonInteractive> | InteractiveContent<ListInteractive> {
  const { button = 'Choose', header, ...frame } = options;
  if (!Array.isArray(choices)) throw new InvalidArgumentError(action, 'choices', 'must be a list');
  const sections = sectionsOf(choices);
  const day = isoDay(Date.now());
  if (fitButtons(body, sections, day)) {
    checkChoices(sections, 'button', day);
    const replies = sections.flatMap((section) => section.choices).map(({ id, title }) => ({ id, title }));
    return buttons(body, replies, { ...frame, header });
  }
  checkChoices(sections, 'list', day);
  checkLength('options.button', button, interactiveLimit('list', 'action.button', day));
  checkLength('body', body, interactiveLimit('list', 'body.text', day));
  if (typeof header === 'object' && header.type !== 'text') {
    throw new InvalidArgumentError(
      action,
      'header',
      'must be a text, because these choices need a list, and a list has no header with a file',
    );
  }
  return list(
    body,
    button,
    sections.map(({ title, choices: rows }) => ({ ...(title !== undefined && { title }), rows })),
    { ...frame, header: typeof header === 'object' ? header.text : header },
  );
}

function sectionsOf(choices: readonly ListRow[] | readonly ChoiceSection[]): readonly ChoiceSection[] {
  // Callers without TypeScript may mix both forms, or pass other values.
  choices.forEach((choice: unknown, index) => {
    if (!isRecord(choice)) throw new InvalidArgumentError(action, `choices[${String(index)}]`, 'must be an object with id and title');
    if ('choices' in choice && !(Array.isArray(choice.choices) && choice.choices.every(isRecord)))
      throw new InvalidArgumentError(action, `choices[${String(index)}].choices`, 'must be a list of objects with id and title');
  });
  const sections = choices.filter((choice) => 'choices' in choice);
  const rows = choices.filter((choice): choice is ListRow => !('choices' in choice));
  if (sections.length > 0 && rows.length > 0)
    throw new InvalidArgumentError(action, 'choices', 'must be either choices or sections of choices, but mixes both');
  return sections.length > 0 ? sections : [{ choices: rows }];
}

function fitButtons(body: string, sections: readonly ChoiceSection[], day: string): boolean {
  const [first, ...others] = sections;
  if (!first || others.length > 0 || first.title !== undefined) return false;
  const titles = first.choices.map(({ title }) => title);
  return (
    titles.length <= interactiveLimit('button', 'action.buttons', day) &&
    new Set(titles).size === titles.length &&
    first.choices.every(({ description }) => description === undefined) &&
    titles.every((title) => lengthOf(title) <= interactiveLimit('button', 'action.buttons[].reply.title', day)) &&
    lengthOf(body) <= interactiveLimit('button', 'body.text', day)
  );
}

/** Paths of the parts of a choice in Meta's rules. */
const partPaths = {
  button: { id: 'action.buttons[].reply.id', title: 'action.buttons[].reply.title', description: 'none' },
  list: { id: 'action.sections[].rows[].id', title: 'action.sections[].rows[].title', description: 'action.sections[].rows[].description' },
} as const;

/** @throws `InvalidArgumentError` with the path of the first choice that exceeds a limit. */
function checkChoices(sections: readonly ChoiceSection[], kind: 'button' | 'list', day: string): void {
  const rows = sections.flatMap(({ choices }) => choices);
  const most = interactiveLimit('list', 'action.sections[].rows', day);
  if (rows.length === 0) throw new InvalidArgumentError(action, 'choices', 'must have at least one choice');
  if (rows.length > most) {
    const rule = `has ${String(rows.length)} choices, but Meta allows ${String(most)} in a list. Show fewer, or add a choice that shows more`;
    throw new InvalidArgumentError(action, 'choices', rule);
  }
  const ids = new Set<string>();
  sections.forEach(({ title, choices }, place) => {
    const path = sections.length > 1 || title !== undefined ? `choices[${String(place)}]` : 'choices';
    if (sections.length > 1 && !title)
      throw new InvalidArgumentError(action, `${path}.title`, 'is missing. With several sections, each needs a title');
    checkLength(`${path}.title`, title, interactiveLimit('list', 'action.sections[].title', day));
    if (choices.length === 0) throw new InvalidArgumentError(action, `${path}.choices`, 'must have at least one choice');
    choices.forEach((choice, index) => {
      const at = path === 'choices' ? `choices[${String(index)}]` : `${path}.choices[${String(index)}]`;
      for (const part of ['id', 'title', 'description'] as const) {
        const text = choice[part];
        if (part !== 'description' && !text) throw new InvalidArgumentError(action, `${at}.${part}`, 'is missing or empty');
        checkLength(`${at}.${part}`, text, interactiveLimit(kind, partPaths[kind][part], day));
      }
      if (ids.has(choice.id)) throw new InvalidArgumentError(action, `${at}.id`, 'must be unique, but is a duplicate');
      ids.add(choice.id);
    });
  });
}

function checkLength(path: string, text: string | undefined, most: number): void {
  const length = lengthOf(text ?? '');
  if (length > most) throw new InvalidArgumentError(action, path, `has ${String(length)} characters, but Meta allows ${String(most)}`);
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
