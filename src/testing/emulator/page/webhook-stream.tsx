import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { DeliveryView, EmulatorView } from '../view.js';
import { fetchDelivery, type Act } from './server.js';
import { timeText } from './words.js';

/** Webhook requests as they go out, newest first, with their JSON and what became of them. */
export function WebhookStream({ view, act }: { readonly view: EmulatorView; readonly act: Act }): VNode {
  const [open, setOpen] = useState<number>();
  const [url, setUrl] = useState(view.receiver.url ?? '');
  return (
    <section class="panel" aria-labelledby="webhooks-title">
      <div class="head">
        <h2 id="webhooks-title">Webhooks</h2>
        <span class="grow" />
        {view.receiver.waiting > 0 && <span class="tag waiting">{view.receiver.waiting} waiting</span>}
      </div>
      <div class="body">
        <form
          class="write"
          onSubmit={(event) => {
            event.preventDefault();
            void act({ do: 'receiver.set', url });
          }}
        >
          <input
            type="url"
            aria-label="Address of your receiver"
            placeholder="http://127.0.0.1:3000/webhook"
            required
            value={url}
            onInput={(event) => {
              setUrl(event.currentTarget.value);
            }}
          />
          <button>Deliver there</button>
        </form>
        {view.receiver.url === undefined && <p class="note">Nobody receives them yet: what happens now is dropped, as Meta drops it.</p>}
      </div>
      <ol class="stream" aria-label="Webhook requests, newest first">
        {view.deliveries.map((delivery) => (
          <li key={delivery.id}>
            <Line
              delivery={delivery}
              now={view.clock.now}
              isOpen={open === delivery.id}
              onToggle={() => {
                setOpen(open === delivery.id ? undefined : delivery.id);
              }}
            />
            {open === delivery.id && <Json id={delivery.id} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

const tones = { waiting: 'waiting', delivered: '', abandoned: 'bad', dropped: 'quiet' } as const;

interface LineProps {
  readonly delivery: DeliveryView;
  readonly now: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Line({ delivery, now, isOpen, onToggle }: LineProps): VNode {
  const { id, fields, about, state, reason, duplicate, attempts } = delivery;
  const last = attempts.at(-1);
  return (
    <button class="line" aria-expanded={isOpen} onClick={onToggle}>
      <span class="note">#{id}</span>
      <code>{[...new Set(fields)].join(', ')}</code>
      <span class="note">{about}</span>
      {duplicate && <span class="tag quiet">copy</span>}
      <span class={`tag ${tones[state]}`}>{reason === undefined ? state : `${state}: ${reason.replaceAll('-', ' ')}`}</span>
      {state !== 'dropped' && (
        <span class="note">
          {attempts.length === 1 ? '1 try' : `${String(attempts.length)} tries`}
          {last && `, ${last.status === undefined ? 'no answer' : String(last.status)}`}
        </span>
      )}
      {last && (
        <time class="when" dateTime={last.at}>
          {timeText(last.at, now)}
        </time>
      )}
    </button>
  );
}

function Json({ id }: { readonly id: number }): VNode {
  const [text, setText] = useState('…');
  useEffect(() => {
    void fetchDelivery(id).then(setText);
  }, [id]);
  return (
    <pre tabIndex={0} aria-label={`JSON of request ${String(id)}`}>
      {text}
    </pre>
  );
}
