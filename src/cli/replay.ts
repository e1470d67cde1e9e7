import { systemClock, type Clock } from '../runtime/clock.js';
import { signBody } from '../webhooks/sign.js';
import { readPayloads, type StoredPayload } from './payload-files.js';

/** Options of {@link replay}. */
export interface ReplayOptions {
  /** Payload files, captures and folders. See {@link readPayloads}. */
  readonly files: readonly string[];
  /** URL of the receiver. */
  readonly to: string;
  /** App secret of the receiver. */
  readonly secret: string;
  /** Maximum number of payloads in flight. @defaultValue 1, in order */
  readonly concurrency?: number | undefined;
  /** Receives one line per payload, and the totals. */
  readonly write: (line: string) => void;
  readonly fetch: typeof globalThis.fetch;
  /** @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

/** Number of payloads by result. */
export interface ReplaySummary {
  /** The receiver returned 200. */
  readonly accepted: number;
  /** The receiver returned another status. */
  readonly rejected: number;
  /** The receiver didn't respond in time. */
  readonly unanswered: number;
  /** Not sent, because the file is missing or contains no JSON. */
  readonly unreadable: number;
}

type Outcome = keyof ReplaySummary;

/** A longer time than Meta waits for a receiver. */
const responseTimeoutMs = 30_000;

/**
 * Signs stored webhook payloads like Meta and posts their exact bytes to a receiver. Reports failed payloads and
 * continues with the next ones.
 *
 * @param options - The files and the receiver.
 * @returns the number of payloads by result
 */
export async function replay(options: ReplayOptions): Promise<ReplaySummary> {
  const { files, concurrency = 1, write } = options;
  const summary: Record<Outcome, number> = { accepted: 0, rejected: 0, unanswered: 0, unreadable: 0 };
  const signatures = { rejected: 0 };
  const report = (outcome: Outcome, line: string): void => {
    summary[outcome] += 1;
    write(onOneLine(line));
  };
  const payloads = readPayloads(files);
  const work = async (): Promise<void> => {
    for (let next = await payloads.next(); !next.done; next = await payloads.next()) {
      const payload = next.value;
      if ('problem' in payload) report('unreadable', `not sent  ${payload.name}: ${payload.problem}`);
      else {
        const { outcome, status, line } = await post(payload, options);
        if (status === 401) signatures.rejected += 1;
        report(outcome, line);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  if (signatures.rejected > 0)
    write('-> 401: the secret differs from the appSecret of the receiver, or a proxy or body parser changed the body.');
  write(describeTotals(summary));
  return summary;
}

/** The result of one payload. */
interface PostResult {
  readonly outcome: Outcome;
  readonly status?: number;
  readonly line: string;
}

async function post({ name, body }: StoredPayload, options: ReplayOptions): Promise<PostResult> {
  const { to, secret, fetch, clock = systemClock } = options;
  const timeout = new AbortController();
  const cancel = clock.schedule(() => {
    timeout.abort();
  }, responseTimeoutMs);
  try {
    const response = await fetch(to, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signBody(body, secret) },
      body,
      // Meta doesn't follow redirects.
      redirect: 'manual',
      signal: timeout.signal,
    });
    const text = (await response.text()).trim().slice(0, 200);
    const { status } = response;
    if (status === 200) return { outcome: 'accepted', status, line: `200       ${name}` };
    return { outcome: 'rejected', status, line: `${String(status)}       ${name}${text === '' ? '' : `: ${text}`}` };
  } catch (error) {
    const reason = timeout.signal.aborted ? `no response within ${String(responseTimeoutMs / 1_000)} seconds` : connectionProblem(error);
    return { outcome: 'unanswered', line: `no response ${name}: ${reason} (${withoutQuery(to)})` };
  } finally {
    cancel();
  }
}

/** Returns a URL without its query, which can contain a token. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** Describes an error of `fetch`. Its cause contains the reason. */
function connectionProblem(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ECONNREFUSED') return 'the connection was refused. Check that the receiver is running';
  if (code === 'ENOTFOUND') return 'the host is unknown';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the receiver closed the connection';
  return cause instanceof Error ? cause.message : String(cause);
}

function describeTotals(summary: ReplaySummary): string {
  const parts = [
    `${String(summary.accepted)} returned 200`,
    ...(summary.rejected > 0 ? [`${String(summary.rejected)} returned another status`] : []),
    ...(summary.unanswered > 0 ? [`${String(summary.unanswered)} without a response`] : []),
    ...(summary.unreadable > 0 ? [`${String(summary.unreadable)} not sent`] : []),
  ];
  return parts.join(', ');
}

/**
 * Removes control characters, because file names and responses can contain line breaks and terminal escape sequences.
 */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
