import { checkNumber, checkOneOf, describeValue } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { ruleOn } from '../../policy/rule.js';
import { textLimitRows } from '../../policy/text-limits.js';
import { isoDay } from '../../runtime/calendar.js';
import { findFormattingRuns, type FormattingRun } from './formatting-runs.js';

/** Options of {@link splitText}. */
export interface SplitTextOptions {
  /**
   * How characters are counted. Meta doesn't document whether an emoji counts as one or several. UTF-16 units are the
   * highest count, so the parts fit in any case.
   * @defaultValue `'utf-16'`
   */
  readonly count?: 'utf-16' | 'code-points' | undefined;
}

/** If there is less space, formatting isn't closed and opened again. */
const minForFormatting = 32;

/** Maximum length of the markers of nested runs. */
const maxMarkers = 6;

/**
 * Splits a text into parts that each fit into one message.
 *
 * It prefers line breaks, then spaces. It cuts a word only if the word exceeds the limit, and never an emoji or another
 * grapheme, unless a grapheme exceeds the limit by itself. If a cut is inside bold, italic, struck-through or code text,
 * the part closes the formatting and the next part opens it again. Without such cuts, the joined parts are the text.
 *
 * @param text - The text in WhatsApp's format. An empty text has no parts.
 * @param maxLength - Maximum number of characters of a part, at least 2. By default 4,096, Meta's limit of text messages.
 * Use 1,024 for captions.
 * @param options - How characters are counted. See {@link SplitTextOptions}.
 * @returns the parts, in order
 * @throws `InvalidArgumentError` if `maxLength` isn't an integer from 2
 *
 * @example
 * ```ts
 * import { createClient, sendMessage } from 'wa-coexist';
 * import { splitText, text } from 'wa-coexist/messages';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * for (const part of splitText('A long answer …')) await sendMessage(client, { to: '15550100987', ...text(part) });
 * ```
 */
export function splitText(text: string, maxLength?: number, options: SplitTextOptions = {}): readonly string[] {
  const limit = maxLength ?? ruleOn(textLimitRows, isoDay(Date.now()))?.value ?? Infinity;
  if (typeof text !== 'string') throw new InvalidArgumentError('splitText', 'text', `must be a string, but is ${describeValue(text)}`);
  checkNumber('splitText', 'maxLength', limit, { min: 2 });
  checkOneOf('splitText', 'count', options.count, ['utf-16', 'code-points']);
  const advance = options.count === 'code-points' ? advancePoints : advanceUnits;
  const runs = limit < minForFormatting ? [] : findFormattingRuns(text);
  const parts: string[] = [];
  let start = 0;
  let opening = '';
  let firstRun = 0;
  while (start < text.length) {
    while ((runs[firstRun]?.close ?? Infinity) < start && firstRun < runs.length) firstRun += 1;
    const room = limit - opening.length;
    let cut = findCut(text, start, advance(text, start, room), runs, firstRun);
    let open = openRunsAt(runs, firstRun, cut);
    if (cut < text.length && advance(text, start, room - lengthOfMarkers(open)) < cut) {
      cut = findCut(text, start, advance(text, start, room - maxMarkers), runs, firstRun);
      open = openRunsAt(runs, firstRun, cut);
    }
    parts.push(reopen(opening, text.slice(start, cut), open));
    opening = open.map(({ marker }) => marker).join('');
    start = cut;
  }
  return parts;
}

/** Adds the markers to a part: the opening ones after leading spaces, the closing ones before trailing spaces. */
function reopen(opening: string, piece: string, open: readonly FormattingRun[]): string {
  const closing = open
    .map(({ marker }) => marker)
    .reverse()
    .join('');
  // Spaces are part of code, but other markers don't format next to a space.
  const [, lead = ''] = opening === '' || opening.includes('`') ? [] : (/^(\s*)/.exec(piece) ?? []);
  const body = piece.slice(lead.length);
  const end = closing === '' || closing.includes('`') ? body.length : body.trimEnd().length;
  return `${lead}${opening}${body.slice(0, end)}${closing}${body.slice(end)}`;
}

const lengthOfMarkers = (runs: readonly FormattingRun[]): number => runs.reduce((sum, { marker }) => sum + marker.length, 0);

/** Returns the runs that contain a position, outermost first. */
function openRunsAt(runs: readonly FormattingRun[], first: number, at: number): readonly FormattingRun[] {
  const open: FormattingRun[] = [];
  for (let index = first; index < runs.length; index += 1) {
    const run = runs[index];
    if (!run || run.open >= at) break;
    if (run.close >= at) open.push(run);
  }
  return open;
}

/** Finds the end of a part: at most `end`, after a line break or a space if there is one. */
function findCut(text: string, start: number, end: number, runs: readonly FormattingRun[], firstRun: number): number {
  if (end >= text.length) return text.length;
  const window = text.slice(start, end);
  const half = window.length / 2;
  const lineBreak = window.lastIndexOf('\n') + 1;
  const space = lastSpace(text, start, end);
  const wordCut = lineBreak > half ? start + lineBreak : space > start ? space : start + lineBreak;
  if (wordCut > start) return wordCut;
  return outsideMarkers(text, start, graphemeCut(text, start, end), runs, firstRun);
}

/** Returns the position after the last space up to `end` at which a grapheme ends. */
function lastSpace(text: string, start: number, end: number): number {
  for (let at = end; at > start; at -= 1) {
    if (/\s/.test(text[at - 1] ?? '') && isSimpleBoundary(text, at)) return at;
  }
  return start;
}

/** Whether a grapheme certainly ends between two characters. */
function isSimpleBoundary(text: string, at: number): boolean {
  const previous = text.charCodeAt(at - 1);
  const next = text.charCodeAt(at);
  // No character below U+0300 continues a grapheme, except a line feed after a carriage return.
  return next < 0x300 && previous < 0x300 && !(previous === 0x0d && next === 0x0a);
}

/**
 * Returns the last end of a grapheme up to `end`. If the first grapheme is longer, returns the last end of a code
 * point.
 */
function graphemeCut(text: string, start: number, end: number): number {
  if (isSimpleBoundary(text, end)) return end;
  let cut = start;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  // The characters after the end decide whether a grapheme ends there.
  for (const { index } of segmenter.segment(text.slice(start, end + 2))) {
    if (index > 0 && start + index <= end) cut = start + index;
  }
  if (cut > start) return cut;
  return /[\udc00-\udfff]/.test(text[end] ?? '') && /[\ud800-\udbff]/.test(text[end - 1] ?? '') && end - 1 > start ? end - 1 : end;
}

let segmenter: Intl.Segmenter | undefined;

/** Moves a cut out of a marker, and away from the edges of a run, to avoid empty runs. */
function outsideMarkers(text: string, start: number, cut: number, runs: readonly FormattingRun[], firstRun: number): number {
  let moved = cut;
  for (const { marker, open, close } of openRunsAt(runs, firstRun, cut + 2).toReversed()) {
    if (moved > open && moved <= open + marker.length) moved = open;
    else if (moved >= close && moved < close + marker.length) moved = graphemeCut(text, start, Math.max(close - 1, start + 1));
  }
  return moved > start ? moved : cut;
}

function advanceUnits(_text: string, start: number, count: number): number {
  return start + count;
}

function advancePoints(text: string, start: number, count: number): number {
  let at = start;
  for (let left = count; left > 0 && at < text.length; left -= 1) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}
