import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { LogEntryView } from '../../view.js';
import { Icon } from '../icon.js';
import { keepLooking } from '../keep-looking.js';
import { fetchLog, type LogFilter } from '../server.js';
import { FirstSteps } from './first-steps.js';
import { LogRow } from './log-row.js';
import type { PanelProps } from './panel-props.js';
import { ReceiverForm } from './receiver-form.js';

const kinds = [
  { kind: 'all', title: 'All' },
  { kind: 'request', title: 'API' },
  { kind: 'delivery', title: 'Webhooks' },
] as const;
const maxShown = 500;

/** Requests of your program and webhooks, oldest first, as in a terminal. */
export function ActivityTab({ view, act, version }: PanelProps): VNode {
  const [filter, setFilter] = useState<LogFilter>({ kind: 'all', problemsOnly: false, text: '' });
  const [isPaused, setPaused] = useState(false);
  const [entries, setEntries] = useState<readonly LogEntryView[]>();
  const [next, setNext] = useState<number>();
  const [open, setOpen] = useState<number>();
  const list = useRef<HTMLOListElement>(null);
  const looks = useRef<ReturnType<typeof keepLooking>>(undefined);
  const follows = useRef(true);

  useEffect(() => {
    setEntries(undefined);
    follows.current = true;
    const current = keepLooking(
      () => fetchLog(filter),
      (page) => {
        setEntries((before = []) => merged(before, page.entries));
        setNext((before) => before ?? page.next);
      },
      () => undefined,
    );
    setNext(undefined);
    looks.current = current;
    current.again();
    return current.end;
  }, [filter]);
  useEffect(() => {
    if (!isPaused) looks.current?.again();
  }, [version, isPaused]);
  useLayoutEffect(() => {
    if (list.current && follows.current) list.current.scrollTop = list.current.scrollHeight;
  }, [entries]);

  const showOlder = async (): Promise<void> => {
    follows.current = false;
    const page = await fetchLog(filter, next);
    setEntries((before = []) => merged(before, page.entries));
    setNext(page.next);
  };
  const isUnused = view.log.requests + view.log.deliveries === 0;
  return (
    <>
      <ReceiverForm view={view} act={act} />
      <div class="filters" role="search">
        <div class="chips" role="group" aria-label="Kind of entry">
          {kinds.map(({ kind, title }) => (
            <button
              type="button"
              key={kind}
              class="chip"
              aria-pressed={filter.kind === kind}
              onClick={() => {
                setFilter({ ...filter, kind });
              }}
            >
              {title}
            </button>
          ))}
          <button
            type="button"
            class="chip problems"
            aria-pressed={filter.problemsOnly}
            onClick={() => {
              setFilter({ ...filter, problemsOnly: !filter.problemsOnly });
            }}
          >
            Problems
          </button>
        </div>
        <input
          type="search"
          aria-label="Search the log"
          placeholder="Search"
          value={filter.text}
          onInput={(event) => {
            setFilter({ ...filter, text: event.currentTarget.value });
          }}
        />
        <button
          type="button"
          class="chip"
          aria-pressed={isPaused}
          onClick={() => {
            setPaused(!isPaused);
          }}
        >
          <Icon name={isPaused ? 'play' : 'pause'} />
          {isPaused ? 'Resume' : 'Pause'}
        </button>
      </div>
      {isUnused ? (
        <FirstSteps view={view} />
      ) : (
        <ol
          class="log"
          aria-label="Requests and webhooks, oldest first"
          ref={list}
          tabIndex={0}
          onScroll={(event) => {
            const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
            follows.current = scrollHeight - scrollTop - clientHeight < 40;
          }}
        >
          {next !== undefined && (
            <li class="older">
              <button type="button" class="small" onClick={() => void showOlder()}>
                Show older entries
              </button>
            </li>
          )}
          {entries?.map((entry) => (
            <LogRow
              key={entry.position}
              entry={entry}
              isOpen={open === entry.position}
              act={act}
              onToggle={() => {
                follows.current = false;
                setOpen(open === entry.position ? undefined : entry.position);
              }}
            />
          ))}
          {entries?.length === 0 && <li class="empty">No entry matches.</li>}
        </ol>
      )}
    </>
  );
}

/** Entries by position, with new versions of known ones. */
function merged(before: readonly LogEntryView[], more: readonly LogEntryView[]): readonly LogEntryView[] {
  const all = new Map(before.map((entry) => [entry.position, entry]));
  for (const entry of more) all.set(entry.position, entry);
  return [...all.values()].sort((left, right) => left.position - right.position).slice(-maxShown);
}
