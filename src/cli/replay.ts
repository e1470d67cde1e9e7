import { systemClock, type Clock } from '../runtime/clock.js';
import { signBody } from '../webhooks/sign.js';
import { readPayloads, type StoredPayload } from './payload-files.js';

/** Options of {@link replay}. */
export interface ReplayOptions {
  /** Payload files, captures and folders, as {@link readPayloads} takes them. */
  readonly files: readonly string[];
  /** URL of the receiver. */
  readonly to: string;
  /** The app secret that the receiver checks signatures with. */
  readonly secret: string;
  /** Payloads on their way at once. @defaultValue 1: each waits for the answer to the one before */
  readonly concurrency?: number | undefined;
  /** Told a line for each payload, and one at the end. */
  readonly write: (line: string) => void;
  readonly fetch: typeof globalThis.fetch;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock | undefined;
}

/** What became of the payloads. */
export interface ReplaySummary {
  /** Answered with 200. */
  readonly accepted: number;
  /** Answered with anything else. */
  readonly refused: number;
  /** Sent, or tried to, without an answer. */
  readonly unanswered: number;
  /** Not sent, since there was nothing to send: no such file, no JSON. */
  readonly unreadable: number;
}

type Outcome = keyof ReplaySummary;

/** Longer than Meta itself waits for a receiver. */
const answerTimeoutMs = 30_000;

/** Signs stored webhook payloads as Meta does and posts them to a receiver, byte for byte. Whatever fails is told, and the rest still go. */
export async function replay(options: ReplayOptions): Promise<ReplaySummary> {
  const { files, concurrency = 1, write } = options;
  const summary: Record<Outcome, number> = { accepted: 0, refused: 0, unanswered: 0, unreadable: 0 };
  const tell = (outcome: Outcome, line: string): void => {
    summary[outcome] += 1;
    write(onOneLine(line));
  };
  const payloads = readPayloads(files);
  const work = async (): Promise<void> => {
    for (let next = await payloads.next(); !next.done; next = await payloads.next()) {
      const payload = next.value;
      if ('problem' in payload) tell('unreadable', `not sent  ${payload.name}: ${payload.problem}`);
      else tell(...(await post(payload, options)));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  write(totalsOf(summary));
  return summary;
}

async function post({ name, body }: StoredPayload, options: ReplayOptions): Promise<[Outcome, string]> {
  const { to, secret, fetch, clock = systemClock } = options;
  const timeout = new AbortController();
  const cancel = clock.schedule(() => {
    timeout.abort();
  }, answerTimeoutMs);
  try {
    const response = await fetch(to, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signBody(body, secret) },
      body,
      // A redirect is no 200: Meta does not follow it either.
      redirect: 'manual',
      signal: timeout.signal,
    });
    const answer = await response.text();
    if (response.status === 200) return ['accepted', `200       ${name}`];
    return ['refused', `${String(response.status)}       ${name}${answer.trim() === '' ? '' : `: ${answer.trim().slice(0, 200)}`}`];
  } catch (error) {
    const reason = timeout.signal.aborted ? `nothing within ${String(answerTimeoutMs / 1_000)} seconds` : connectionProblem(error);
    return ['unanswered', `no answer ${name}: ${reason} (${withoutQuery(to)})`];
  } finally {
    cancel();
  }
}

/** A URL without its query, which may contain a token. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** `fetch` says no more than "fetch failed"; what happened is in its cause. */
function connectionProblem(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ECONNREFUSED') return 'the connection was refused. Is the receiver running?';
  if (code === 'ENOTFOUND') return 'there is no such host';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the receiver closed the connection';
  return cause instanceof Error ? cause.message : String(cause);
}

function totalsOf(summary: ReplaySummary): string {
  const parts = [
    `${String(summary.accepted)} answered 200`,
    ...(summary.refused > 0 ? [`${String(summary.refused)} answered otherwise`] : []),
    ...(summary.unanswered > 0 ? [`${String(summary.unanswered)} without an answer`] : []),
    ...(summary.unreadable > 0 ? [`${String(summary.unreadable)} not sent`] : []),
  ];
  return parts.join(', ');
}

/** File names and answers come from elsewhere and may hold line ends or what steers a terminal. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
