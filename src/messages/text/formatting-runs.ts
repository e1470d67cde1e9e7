/** A run of formatted text: its opening and its closing marker. */
export interface FormattingRun {
  readonly marker: FormattingMarker;
  /** Position of the opening marker. */
  readonly open: number;
  /** Position of the closing marker. */
  readonly close: number;
}

/** Markers of WhatsApp: bold, italic, strikethrough, code and a block of code. */
export type FormattingMarker = '*' | '_' | '~' | '`' | '```';

const block = '```';

/**
 * Finds the formatted runs of a text, ordered by their opening markers. The time is linear in the length of the text.
 *
 * A marker opens a run before a character that isn't a space and after one that isn't a letter or digit. It closes the
 * run in the opposite case. Runs end with the line, except blocks of code. Source: WhatsApp Help Center, How to format
 * your messages (2026).
 *
 * @param text - The text in WhatsApp's format.
 */
export function findFormattingRuns(text: string): readonly FormattingRun[] {
  const runs: FormattingRun[] = [];
  const open = new Map<FormattingMarker, number>();
  let hasMoreBlocks = true;
  let lineWithoutCode = -1;
  let lineEnd = -1;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\n') {
      open.clear();
      continue;
    }
    if (character === '`') {
      if (hasMoreBlocks && text.startsWith(block, at)) {
        const close = text.indexOf(block, at + block.length + 1);
        if (close > 0) {
          runs.push({ marker: block, open: at, close });
          at = close + block.length - 1;
          continue;
        }
        hasMoreBlocks = false;
      }
      if (at > lineEnd) lineEnd = endOfLine(text, at);
      if (lineWithoutCode === lineEnd) continue;
      const close = text.indexOf('`', at + 1);
      if (close < 0 || close > lineEnd) lineWithoutCode = lineEnd;
      else if (close > at + 1) {
        runs.push({ marker: '`', open: at, close });
        at = close;
      }
    } else if (character === '*' || character === '_' || character === '~') {
      const begin = open.get(character);
      if (begin !== undefined && canClose(text, at)) {
        runs.push({ marker: character, open: begin, close: at });
        // Runs nest, so an inner run that is still open never closes.
        for (const [marker, position] of open) if (position >= begin) open.delete(marker);
      } else if (begin === undefined && canOpen(text, at)) {
        open.set(character, at);
      }
    }
  }
  return runs.sort((one, other) => one.open - other.open);
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function canOpen(text: string, at: number): boolean {
  const next = text[at + 1] ?? ' ';
  return !isWordAt(text, at - 1) && !/\s/.test(next) && next !== text[at];
}

function canClose(text: string, at: number): boolean {
  const previous = text[at - 1] ?? ' ';
  return !isWordAt(text, at + 1) && !/\s/.test(previous) && previous !== text[at];
}

/** Returns whether the character that contains this position is a letter or a digit. */
export function isWordAt(text: string, at: number): boolean {
  const isSecondHalf = /[\udc00-\udfff]/.test(text[at] ?? '');
  const character = text.codePointAt(isSecondHalf ? at - 1 : at);
  return at >= 0 && character !== undefined && /[\p{L}\p{N}]/u.test(String.fromCodePoint(character));
}
