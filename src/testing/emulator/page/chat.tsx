import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatMessageView } from '../view.js';
import { timeText } from './words.js';

interface ChatProps {
  readonly label: string;
  readonly id?: string;
  readonly messages: readonly ChatMessageView[];
  readonly now: string;
  /** Whose phone it is shown on. */
  readonly side: 'business' | 'customer';
  readonly onEdit: (message: string, text: string) => Promise<boolean>;
  readonly onDelete: (message: string) => void;
}

const via = { api: 'API', app: 'app', customer: '' } as const;

/** A chat as one of the two phones shows it; new messages are read out. */
export function Chat({ label, id, messages, now, side, onEdit, onDelete }: ChatProps): VNode {
  const wall = useRef<HTMLDivElement>(null);
  const [editing, setEditing] = useState<string>();
  const last = messages.at(-1)?.id;
  useEffect(() => {
    if (wall.current) wall.current.scrollTop = wall.current.scrollHeight;
  }, [last]);
  return (
    <div class="wall" id={id} role="log" aria-label={label} tabIndex={0} ref={wall}>
      {messages.length === 0 && <p class="empty">Nothing has been written yet.</p>}
      {messages.map((message) => {
        const isMine = (message.sender === 'customer') === (side === 'customer');
        const canChange = isMine && message.sender !== 'api' && message.type === 'text' && !message.deleted;
        return (
          <div
            key={message.id}
            class={`bubble${isMine ? ' mine' : ''}${message.sender === 'api' ? ' api' : ''}${message.deleted ? ' deleted' : ''}`}
          >
            {editing === message.id ? (
              <EditForm
                text={message.text}
                onDone={async (text) => {
                  if (text === undefined || (await onEdit(message.id, text))) setEditing(undefined);
                }}
              />
            ) : (
              <p>{message.deleted ? 'This message was deleted.' : message.text}</p>
            )}
            <span class="meta">
              {canChange && editing !== message.id && (
                <>
                  <button
                    class="plain"
                    onClick={() => {
                      setEditing(message.id);
                    }}
                  >
                    Edit<span class="hidden"> “{message.text}”</span>
                  </button>
                  <button
                    class="plain"
                    onClick={() => {
                      onDelete(message.id);
                    }}
                  >
                    Delete<span class="hidden"> “{message.text}”</span>
                  </button>
                </>
              )}
              {message.edited && <span>edited</span>}
              {via[message.sender] !== '' && <span class={`tag ${message.sender === 'api' ? 'api' : ''}`}>{via[message.sender]}</span>}
              <time dateTime={message.at}>{timeText(message.at, now)}</time>
              {isMine && <span>{message.status.toLowerCase()}</span>}
            </span>
          </div>
        );
      })}
    </div>
  );
}

function EditForm({ text, onDone }: { readonly text: string; readonly onDone: (text: string | undefined) => Promise<void> }): VNode {
  const [value, setValue] = useState(text);
  return (
    <form
      class="write"
      onSubmit={(event) => {
        event.preventDefault();
        void onDone(value);
      }}
    >
      <input
        aria-label="New text"
        required
        value={value}
        autoFocus
        onInput={(event) => {
          setValue(event.currentTarget.value);
        }}
      />
      <button class="main">Save</button>
      <button type="button" onClick={() => void onDone(undefined)}>
        Cancel
      </button>
    </form>
  );
}

/** A line to write a message in; it is emptied once the message is on its way. */
export function WriteForm({ label, onSend }: { readonly label: string; readonly onSend: (text: string) => Promise<boolean> }): VNode {
  const [text, setText] = useState('');
  return (
    <form
      class="write"
      onSubmit={(event) => {
        event.preventDefault();
        void onSend(text).then((sent) => {
          if (sent) setText('');
        });
      }}
    >
      <input
        aria-label={label}
        placeholder={label}
        required
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
        }}
      />
      <button class="main">Send</button>
    </form>
  );
}
