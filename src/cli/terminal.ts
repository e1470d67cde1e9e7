import type { DeliveryEntryView, RequestEntryView } from '../testing/emulator/view.js';

type Color = 'green' | 'red' | 'yellow' | 'blue' | 'gray' | 'bold';

/** Adds colors to a text, if the terminal supports them. */
export type Paint = (color: Color, text: string) => string;

const codes: Readonly<Record<Color, readonly [start: number, end: number]>> = {
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  blue: [34, 39],
  gray: [90, 39],
  bold: [1, 22],
};
const escape = '\u001B';

/** Returns a function that colors texts, or leaves them unchanged. */
export function createPaint(colors: 'colors' | 'plain'): Paint {
  if (colors === 'plain') return (_color, text) => text;
  return (color, text) => `${escape}[${String(codes[color][0])}m${text}${escape}[${String(codes[color][1])}m`;
}

const statusWidth = 12;

/** Formats a request to the Graph API as one line: time, path, status, Meta's code and its explanation. */
export function requestLine(paint: Paint, at: Date, entry: Omit<RequestEntryView, 'position' | 'at'>): string {
  const { method, path, about, status, code, subcode, problem, fault } = entry;
  const isGood = status !== undefined && status < 400;
  const codeText = code === undefined ? '' : ` ${String(code)}${subcode === undefined ? '' : `/${String(subcode)}`}`;
  const result = status === undefined ? 'no response' : `${String(status)}${codeText}`;
  return joined([
    paint('gray', timeOf(at)),
    paint('blue', '<-'),
    paint(isGood ? 'green' : 'red', result.padEnd(statusWidth)),
    paint('bold', clean(`${method} /${path}`)),
    clean(about),
    problem === undefined ? '' : paint('red', clean(problem)),
    fault === undefined ? '' : paint('yellow', `(fault: ${fault})`),
  ]);
}

/** Formats the last attempt of a delivery as one line: time, events, status and the response. */
export function deliveryLine(paint: Paint, at: Date, entry: Omit<DeliveryEntryView, 'position' | 'at'>): string {
  const { id, fields, about, state, reason, attempts } = entry;
  const last = attempts.at(-1);
  const isGood = last?.status === 200;
  const result = last === undefined ? state : last.status === undefined ? 'no response' : String(last.status);
  return joined([
    paint('gray', timeOf(at)),
    paint('green', '->'),
    paint(isGood ? 'green' : state === 'dropped' ? 'yellow' : 'red', result.padEnd(statusWidth)),
    paint('bold', clean(about === '' ? fields.join(', ') : about)),
    paint('gray', clean(`#${String(id)} ${fields.join(', ')}`)),
    attempts.length > 1 ? `attempt ${String(attempts.length)}` : '',
    reason === undefined ? '' : paint('yellow', reason.replaceAll('-', ' ')),
    last?.responseText === undefined || isGood ? '' : paint('red', clean(last.responseText)),
  ]);
}

/** Formats the time of day in this process's time zone, with seconds. */
export function timeOf(at: Date): string {
  return at.toTimeString().slice(0, 8);
}

const maxCharacters = 240;

/** Formats an external text as one line without terminal escape sequences. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** Returns the start of an external text as one line. */
function clean(text: string): string {
  const line = oneLine(text);
  return line.length > maxCharacters ? `${line.slice(0, maxCharacters)}…` : line;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
