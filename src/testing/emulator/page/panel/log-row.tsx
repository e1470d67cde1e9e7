import type { VNode } from 'preact';
import type { DeliveryEntryView, LogEntryView, RequestEntryView } from '../../view.js';
import { Icon } from '../icon.js';
import type { Act } from '../server.js';
import { exactTime } from '../words.js';
import { LogDetailsView } from './log-details.js';

interface LogRowProps {
  readonly entry: LogEntryView;
  readonly isOpen: boolean;
  readonly act: Act;
  readonly onToggle: () => void;
}

/** An entry of the log. */
export function LogRow({ entry, isOpen, act, onToggle }: LogRowProps): VNode {
  const { title, about, tone, status } = entry.kind === 'request' ? requestLine(entry) : deliveryLine(entry);
  return (
    <li class={`entry ${entry.kind} ${tone}`}>
      <button type="button" class="line" aria-expanded={isOpen} onClick={onToggle}>
        <span class="direction" title={entry.kind === 'request' ? 'Request of your program' : 'Webhook'}>
          <Icon name={entry.kind === 'request' ? 'inbound' : 'outbound'} />
          <span class="hidden">{entry.kind === 'request' ? 'Request' : 'Webhook'}</span>
        </span>
        <code>{title}</code>
        <span class={`pill ${tone}`}>{status}</span>
        <time dateTime={entry.at}>{exactTime(entry.at)}</time>
        <span class="about">{about}</span>
      </button>
      {isOpen && <LogDetailsView entry={entry} act={act} />}
    </li>
  );
}

interface Line {
  readonly title: string;
  readonly about: string;
  readonly tone: 'good' | 'bad' | 'waiting' | 'quiet';
  readonly status: string;
}

function requestLine({ method, path, about, status, code, problem, fault }: RequestEntryView): Line {
  const isGood = status !== undefined && status < 400;
  return {
    title: `${method} /${path.replace(/^\d{6,}(?=\/|$)/, (id) => `…${id.slice(-4)}`)}`,
    about: [about, problem, fault === undefined ? undefined : `fault: ${fault}`]
      .filter((text) => text !== undefined && text !== '')
      .join(' · '),
    tone: isGood ? 'good' : 'bad',
    status: status === undefined ? 'no response' : code === undefined ? String(status) : `${String(status)} · ${String(code)}`,
  };
}

function deliveryLine({ id, fields, about, excerpt, state, reason, duplicate, attempts }: DeliveryEntryView): Line {
  const last = attempts.at(-1);
  const tries = attempts.length > 1 ? `${String(attempts.length)} attempts` : undefined;
  const isFailing = state === 'abandoned' || (state === 'waiting' && last !== undefined);
  const words = last === undefined ? state : last.status === undefined ? 'no response' : String(last.status);
  return {
    title: about === '' ? fields.join(', ') : about,
    about: [excerpt, `#${String(id)}`, fields.join(', '), duplicate ? 'repeated' : undefined, tries, last?.responseText]
      .filter((text) => text !== undefined)
      .join(' · '),
    tone: state === 'dropped' ? 'quiet' : isFailing ? 'bad' : state === 'waiting' ? 'waiting' : 'good',
    status: reason === undefined ? words : reason.replaceAll('-', ' '),
  };
}
