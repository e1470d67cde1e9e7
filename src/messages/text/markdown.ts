import { findFormattingRuns, isWordAt } from './formatting-runs.js';

/** A delimiter of Markdown that may open or close formatted text. */
interface Delimiter {
  readonly key: string;
  /** Its position in the output. */
  readonly place: number;
}

/** WhatsApp's markers for Markdown delimiters. */
const markers: Readonly<Record<string, readonly [open: string, close: string]>> = {
  '*': ['_', '_'],
  _: ['_', '_'],
  '**': ['*', '*'],
  __: ['*', '*'],
  '***': ['*_', '_*'],
  ___: ['*_', '_*'],
  '~': ['~', '~'],
  '~~': ['~', '~'],
};

/** Maximum number of open delimiters to search. It limits the time for hostile texts. */
const maxDepth = 16;

/**
 * Converts Markdown, for example the response of a language model, to the format of WhatsApp: bold, italic,
 * strikethrough, code, quotes and lists. Headings become bold lines. Links become their text and their address. Tables,
 * HTML, and single asterisks within a word, as in 2*3*4, remain unchanged.
 *
 * The time is linear in the length of the text.
 *
 * @param markdown - The text in Markdown.
 * @returns the text in WhatsApp's format
 *
 * @example
 * ```ts
 * import { markdownToWhatsApp } from 'wa-coexist/messages';
 *
 * markdownToWhatsApp('# Order\n**Ready** on [our page](https://shop.example)');
 * // '*Order*\n*Ready* on our page (https://shop.example)'
 * ```
 */
export function markdownToWhatsApp(markdown: string): string {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.replace(/\r\n?/g, '\n').split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      const isEnd = mark !== undefined && mark.startsWith(fence) && line.trim() === mark;
      lines.push(isEnd ? '```' : line);
      if (isEnd) fence = undefined;
    } else if (mark !== undefined && !line.slice(line.indexOf(mark) + mark.length).includes('`')) {
      fence = mark;
      lines.push('```');
    } else {
      lines.push(convertLine(line));
    }
  }
  if (fence !== undefined) lines.push('```');
  return lines.join('\n');
}

function convertLine(line: string): string {
  const [, hashes, title] = /^ {0,3}(#{1,6})[ \t]+(.*)$/.exec(line) ?? [];
  if (hashes !== undefined && title !== undefined) {
    const text = convertInline(
      title
        .trim()
        .replace(/[ \t]#+$/, '')
        .trimEnd(),
    );
    // Bold text doesn't nest in bold text.
    const plain = text.startsWith('*') && text.endsWith('*') ? text : text.replaceAll('*', '');
    return text === '' ? '' : plain.startsWith('*') ? plain : `*${plain}*`;
  }
  // Thematic breaks remain unchanged, because WhatsApp has none.
  if (/^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/.test(line)) return line;
  const [, lead = '', rest = ''] = /^([ \t]*(?:>[ \t]?)*(?:[-+*][ \t]+(?=\S))?)(.*)$/.exec(line) ?? [];
  return lead.replace(/[+*]/, '-') + convertInline(rest);
}

function convertInline(text: string): string {
  const out: string[] = [];
  const open: Delimiter[] = [];
  const nextOf = positions(text);
  for (let at = 0; at < text.length;) {
    const character = text[at] ?? '';
    if (character === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? '')) {
      out.push(text[at + 1] ?? '');
      at += 2;
    } else if (character === '`') {
      at = pushCode(text, at, out, nextOf);
    } else if (character === '<') {
      at = pushAddress(text, at, out, nextOf);
    } else if (character === '[' || (character === '!' && text[at + 1] === '[')) {
      at = pushLink(text, at, out, nextOf);
    } else if (character === '*' || character === '_' || character === '~') {
      at = pushDelimiter(text, at, out, open);
    } else {
      out.push(character);
      at += 1;
    }
  }
  return out.join('');
}

/**
 * Creates a function that finds the next position of a text. It searches each part only once, so the time is linear.
 */
function positions(text: string): (wanted: string, from: number) => number {
  const known = new Map<string, number>();
  return (wanted, from) => {
    const last = known.get(wanted);
    if (last !== undefined && (last >= from || last === Infinity)) return last;
    const found = text.indexOf(wanted, from);
    const position = found < 0 ? Infinity : found;
    known.set(wanted, position);
    return position;
  };
}

function pushCode(text: string, at: number, out: string[], nextOf: (wanted: string, from: number) => number): number {
  const [ticks = '`'] = /^`{1,8}/.exec(text.slice(at, at + 8)) ?? [];
  const close = nextOf(ticks, at + ticks.length);
  if (close === Infinity) {
    out.push(ticks);
    return at + ticks.length;
  }
  const code = text.slice(at + ticks.length, close);
  // WhatsApp has no code with a backtick inside.
  const mark = code.includes('`') ? '```' : '`';
  out.push(mark, ticks.length > 1 ? code.replace(/^ (?=`)|(?<=`) $/g, '') : code, mark);
  return close + ticks.length;
}

/** Adds a URL in angle brackets without them, and any other `<` unchanged. */
function pushAddress(text: string, at: number, out: string[], nextOf: (wanted: string, from: number) => number): number {
  const end = nextOf('>', at);
  const address = end - at > maxLabelLength ? '' : text.slice(at + 1, end);
  if (!/^(?:https?:\/\/|mailto:)[^\s<>]+$|^[^\s<>@]+@[^\s<>@]+$/i.test(address)) {
    out.push('<');
    return at + 1;
  }
  out.push(address.replace(/^mailto:/i, ''));
  return end + 1;
}

function pushLink(text: string, at: number, out: string[], nextOf: (wanted: string, from: number) => number): number {
  const begin = text[at] === '!' ? at + 2 : at + 1;
  const middle = nextOf('](', begin);
  const end = middle === Infinity ? Infinity : nextOf(')', middle);
  const label = text.slice(begin, Math.min(middle, begin + maxLabelLength));
  if (end === Infinity || middle - begin > maxLabelLength || /[[\]]/.test(label)) {
    out.push(text.slice(at, begin));
    return begin;
  }
  const [address = ''] = text
    .slice(middle + 2, end)
    .trim()
    .split(/\s/, 1);
  const plain = address.replace(/^<|>$/g, '');
  const name = convertInline(label);
  out.push(name === '' || name === plain || `mailto:${name}` === plain ? plain.replace(/^mailto:/, '') : `${name} (${plain})`);
  return end + 1;
}

/** Maximum number of characters in the text of a link. It limits the time for hostile texts. */
const maxLabelLength = 1000;

function pushDelimiter(text: string, at: number, out: string[], open: Delimiter[]): number {
  let end = at + 1;
  while (text[end] === text[at]) end += 1;
  const key = text.slice(at, end);
  const pair = end - at <= 3 ? markers[key] : undefined;
  const [before, after] = [text[at - 1] ?? ' ', text[end] ?? ' '];
  const isInWord = isWordAt(text, at - 1) && isWordAt(text, end);
  // In a word, `_` is a part of a name, and `*` between numbers or letters is a product: 2*3*4.
  const isPlain = isInWord && (key.startsWith('_') || key === '*');
  const canClose = !/\s/.test(before) && !isPlain;
  const canOpen = !/\s/.test(after) && !isPlain;
  if (!pair || (!canOpen && !canClose)) {
    out.push(key);
    return end;
  }
  const depth = canClose ? open.slice(-maxDepth).findLastIndex((one) => one.key === key) : -1;
  const opener = depth < 0 ? undefined : open[Math.max(0, open.length - maxDepth) + depth];
  if (opener && opener.place < out.length - 1) {
    open.length = open.indexOf(opener, Math.max(0, open.length - maxDepth));
    const [first, last] = pair;
    // WhatsApp formats only whole words. Other markers would be visible.
    const isWhole = !/[\p{L}\p{N}]$/u.test(out[opener.place - 1] ?? '') && !isWordAt(text, end);
    out[opener.place] = isWhole ? first : '';
    out.push(isWhole ? last : '');
    return end;
  }
  if (canOpen) open.push({ key, place: out.length });
  out.push(key);
  return end;
}

/**
 * Converts the format of WhatsApp to Markdown, for example for a web page or a help desk. It escapes characters that
 * Markdown would read as formatting. The time is linear in the length of the text.
 *
 * @param text - The text in WhatsApp's format.
 * @returns the text in Markdown
 *
 * @example
 * ```ts
 * import { whatsAppToMarkdown } from 'wa-coexist/messages';
 *
 * whatsAppToMarkdown('*Ready* at _nine_'); // '**Ready** at _nine_'
 * ```
 */
export function whatsAppToMarkdown(text: string): string {
  const edges = new Map<number, string>();
  const code: (readonly [open: number, close: number])[] = [];
  for (const { marker, open, close } of findFormattingRuns(text)) {
    const isBlock = marker === '```' && text.slice(open, close).includes('\n');
    const begin = marker === '*' ? '**' : marker === '~' ? '~~' : isBlock && text[open + 3] !== '\n' ? '```\n' : marker;
    const end = marker === '*' ? '**' : marker === '~' ? '~~' : isBlock && text[close - 1] !== '\n' ? '\n```' : marker;
    edges.set(open, begin);
    edges.set(close, end);
    if (marker.startsWith('`')) code.push([open, close]);
  }
  const out: string[] = [];
  let block = 0;
  for (let at = 0; at < text.length; at += 1) {
    while ((code[block]?.[1] ?? Infinity) < at) block += 1;
    const edge = edges.get(at);
    const [codeStart = Infinity] = code[block] ?? [];
    if (edge !== undefined) {
      out.push(edge);
      if (edge.includes('```')) at += 2;
    } else {
      out.push(at > codeStart ? (text[at] ?? '') : escaped(text, at));
    }
  }
  return out.join('');
}

/** Returns a character outside of code, with a backslash if Markdown would treat it as formatting. */
function escaped(text: string, at: number): string {
  const character = text[at] ?? '';
  const isLineStart = at === 0 || text[at - 1] === '\n';
  if (character === '*' && isLineStart && text[at + 1] === ' ') return character;
  if ((character === '#' || (character === '+' && text[at + 1] === ' ')) && isLineStart) return `\\${character}`;
  if (character === '_' && isWordAt(text, at - 1) && isWordAt(text, at + 1)) return character;
  return '\\`*_~[]<'.includes(character) ? `\\${character}` : character;
}
