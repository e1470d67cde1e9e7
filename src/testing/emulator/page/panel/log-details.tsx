import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LogDetails, LogEntryView } from '../../view.js';
import { CopyButton } from '../copy-button.js';
import { fetchDetails, type Act } from '../server.js';
import { exactTime, memberOf } from '../words.js';
import { Json } from './json.js';

/** The bodies of an entry, its attempts or remedy, and what you can do with it. */
export function LogDetailsView({ entry, act }: { readonly entry: LogEntryView; readonly act: Act }): VNode {
  const [details, setDetails] = useState<LogDetails>();
  const [edited, setEdited] = useState<string>();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    root.current?.scrollIntoView({ block: 'nearest' });
  }, [details === undefined]);
  const version = entry.kind === 'delivery' ? entry.attempts.length : 0;
  useEffect(() => {
    void fetchDetails(entry.position).then(setDetails, () => undefined);
  }, [entry.position, version]);
  const resend = async (body: string | undefined): Promise<void> => {
    const isDone = await repeat(entry, details, body, act);
    if (isDone) setEdited(undefined);
  };
  const canRepeat = entry.kind === 'delivery' || /messages$/.test(entry.path);
  return (
    <div class="details" ref={root}>
      {entry.kind === 'request' && entry.problem !== undefined && (
        <div class="callout">
          <strong>
            {entry.code}
            {entry.subcode === undefined ? '' : `/${String(entry.subcode)}`}: {entry.problem}
          </strong>
          {entry.remedy !== undefined && <p>{entry.remedy}</p>}
        </div>
      )}
      {entry.kind === 'delivery' && entry.attempts.length > 0 && (
        <table>
          <caption class="hidden">Attempts</caption>
          <thead>
            <tr>
              <th scope="col">Attempt</th>
              <th scope="col">Time</th>
              <th scope="col">Status</th>
              <th scope="col">Response</th>
            </tr>
          </thead>
          <tbody>
            {entry.attempts.slice(-10).map((attempt, index, shown) => (
              <tr key={attempt.at}>
                <td>{entry.attempts.length - shown.length + index + 1}</td>
                <td>{exactTime(attempt.at)}</td>
                <td>{attempt.status ?? 'none'}</td>
                <td>{attempt.responseText ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {details && (
        <>
          <div class="actions">
            <CopyButton text={details.curl} label="Copy as curl" />
            <CopyButton text={details.sent} label="Copy JSON" />
            {canRepeat && (
              <>
                <button type="button" class="small" onClick={() => void resend(undefined)}>
                  Resend
                </button>
                <button
                  type="button"
                  class="small"
                  onClick={() => {
                    setEdited(edited === undefined ? details.sent : undefined);
                  }}
                >
                  Edit and resend
                </button>
              </>
            )}
          </div>
          {edited === undefined ? (
            <Json text={details.sent} label={`JSON of entry ${String(entry.position)}`} />
          ) : (
            <form
              class="editor"
              onSubmit={(event) => {
                event.preventDefault();
                void resend(edited);
              }}
            >
              <textarea
                aria-label="JSON to send"
                rows={14}
                spellcheck={false}
                value={edited}
                onInput={(event) => {
                  setEdited(event.currentTarget.value);
                }}
              />
              <button class="small main">Send</button>
            </form>
          )}
          {entry.kind === 'request' && details.received !== undefined && (
            <>
              <h3>Response</h3>
              <Json text={details.received} label={`Response to entry ${String(entry.position)}`} />
            </>
          )}
        </>
      )}
    </div>
  );
}

async function repeat(entry: LogEntryView, details: LogDetails | undefined, body: string | undefined, act: Act): Promise<boolean> {
  if (entry.kind === 'delivery') return act({ do: 'delivery.resend', delivery: entry.id, ...(body !== undefined && { body }) });
  const [number = ''] = entry.path.split('/');
  let message: unknown;
  try {
    message = JSON.parse(body ?? details?.sent ?? '');
  } catch {
    return false;
  }
  // The log shows objects only. `memberOf` is a check for text that was edited.
  return memberOf({ message }, 'message') === null || typeof message !== 'object'
    ? false
    : act({ do: 'api.send', number, message: message as Readonly<Record<string, unknown>> });
}
