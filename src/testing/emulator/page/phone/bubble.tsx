import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ChatMessageView } from '../../view.js';
import { Icon } from '../icon.js';
import { exactTime } from '../words.js';
import type { MessageActions } from './interactive.js';
import { MessageContent } from './message-content.js';

/** What the owner of a phone can do with the messages of a chat. */
export interface ChatActions {
  readonly onEdit: (message: string, text: string) => Promise<boolean>;
  readonly onDelete: (message: string) => void;
  readonly onReact: (message: string, emoji: string) => void;
  /** Starts a message that quotes another one. Missing on the business phone. */
  readonly onQuote?: (message: ChatMessageView) => void;
  readonly onPlay?: (message: string) => void;
  /** Taps on a button, list or form. Missing on the business phone. */
  readonly message?: (message: ChatMessageView) => MessageActions;
}

interface BubbleProps {
  readonly message: ChatMessageView;
  readonly side: 'business' | 'customer';
  readonly actions: ChatActions;
}

const emojis = ['👍', '❤️', '😂', '😮', '🙏'];

/** A message with its reactions, time and ticks, and a toolbar for the owner of the phone. */
export function Bubble({ message, side, actions }: BubbleProps): VNode {
  const [isEditing, setEditing] = useState(false);
  const { sender, deleted, edited, quote, reactions, type } = message;
  const isMine = (sender === 'customer') === (side === 'customer');
  const canChange = isMine && sender !== 'api' && type === 'text' && !deleted;
  const classes = [
    'bubble',
    isMine ? 'mine' : 'theirs',
    type === 'sticker' ? 'bare' : '',
    sender === 'api' && isMine ? 'api' : '',
    deleted ? 'deleted' : '',
  ];
  const taps = isMine ? undefined : actions.message?.(message);
  const play = isMine ? undefined : actions.onPlay;
  return (
    <div class={`row-of ${isMine ? 'mine' : 'theirs'}`}>
      <div class={classes.filter((name) => name !== '').join(' ')}>
        {quote && (
          <span class="quote">
            <strong>
              {(quote.sender === 'customer') === (side === 'customer') ? 'You' : quote.sender === 'customer' ? 'Customer' : 'Business'}
            </strong>
            {quote.text}
          </span>
        )}
        {isEditing ? (
          <EditForm
            text={message.text}
            onDone={async (text) => {
              if (text === undefined || (await actions.onEdit(message.id, text))) setEditing(false);
            }}
          />
        ) : deleted ? (
          <p>This message was deleted.</p>
        ) : (
          <MessageContent
            message={message}
            actions={taps}
            onPlay={
              play &&
              (() => {
                play(message.id);
              })
            }
          />
        )}
        <span class="meta">
          {edited && <span>Edited</span>}
          {sender === 'api' && <span class="via">API</span>}
          <time dateTime={message.at}>{exactTime(message.at).slice(0, 5)}</time>
          {isMine && !deleted && <Ticks status={message.status} />}
        </span>
        {reactions.length > 0 && (
          <span class="reactions">
            {reactions.map(({ emoji, sender: by }) => (
              <span key={by} role="img" aria-label={`Reaction ${emoji}`}>
                {emoji}
              </span>
            ))}
          </span>
        )}
      </div>
      {!deleted && !isEditing && (
        <Toolbar
          message={message}
          actions={actions}
          onEdit={
            canChange
              ? () => {
                  setEditing(true);
                }
              : undefined
          }
        />
      )}
    </div>
  );
}

interface ToolbarProps {
  readonly message: ChatMessageView;
  readonly actions: ChatActions;
  readonly onEdit: (() => void) | undefined;
}

function Toolbar({ message, actions, onEdit }: ToolbarProps): VNode {
  const [isOpen, setOpen] = useState(false);
  const { onQuote } = actions;
  const name = `“${message.text.slice(0, 60)}”`;
  return (
    <span class={`tools${isOpen ? ' open' : ''}`} role="group" aria-label={`Actions for ${name}`}>
      <button
        type="button"
        class="tool"
        aria-label={`React to ${name}`}
        aria-expanded={isOpen}
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        <Icon name="react" />
      </button>
      {onQuote && (
        <button
          type="button"
          class="tool"
          aria-label={`Reply to ${name}`}
          onClick={() => {
            onQuote(message);
          }}
        >
          <Icon name="reply" />
        </button>
      )}
      {onEdit && (
        <>
          <button type="button" class="tool" aria-label={`Edit ${name}`} onClick={onEdit}>
            <Icon name="edit" />
          </button>
          <button
            type="button"
            class="tool"
            aria-label={`Delete ${name}`}
            onClick={() => {
              actions.onDelete(message.id);
            }}
          >
            <Icon name="delete" />
          </button>
        </>
      )}
      {isOpen && (
        <span class="emojis">
          {emojis.map((emoji) => (
            <button
              type="button"
              key={emoji}
              aria-label={`React with ${emoji}`}
              onClick={() => {
                setOpen(false);
                actions.onReact(message.id, emoji);
              }}
            >
              {emoji}
            </button>
          ))}
        </span>
      )}
    </span>
  );
}

const statusWords: Readonly<Record<string, string>> = {
  PENDING: 'Pending',
  SENT: 'Sent',
  DELIVERED: 'Delivered',
  READ: 'Read',
  PLAYED: 'Played',
  ERROR: 'Not delivered',
};

/** One tick for sent, two for delivered, two in blue for read. */
function Ticks({ status }: { readonly status: string }): VNode {
  const label = statusWords[status] ?? status;
  const isSeen = status === 'READ' || status === 'PLAYED';
  return (
    <span class={`ticks${isSeen ? ' seen' : ''}${status === 'ERROR' ? ' failed' : ''}`} role="img" aria-label={label} title={label}>
      <svg viewBox="0 0 20 12" aria-hidden="true">
        {status === 'PENDING' && <path d="M10 2.5v3.5l2.200 1.500M10 1a5 5 0 1 0 0 10 5 5 0 0 0 0-10z" />}
        {status === 'ERROR' && <path d="M10 3v4M10 9v.2M10 1a5 5 0 1 0 0 10 5 5 0 0 0 0-10z" />}
        {status === 'SENT' && <path d="M5 6.500l3 3L15 2" />}
        {(status === 'DELIVERED' || isSeen) && <path d="M1 6.500l3 3L11 2M9 9.500L16 2M7.200 7.700L9 9.500" />}
      </svg>
    </span>
  );
}

function EditForm({ text, onDone }: { readonly text: string; readonly onDone: (text: string | undefined) => Promise<void> }): VNode {
  const [value, setValue] = useState(text);
  return (
    <form
      class="edit"
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
        onKeyDown={(event) => {
          if (event.key === 'Escape') void onDone(undefined);
        }}
      />
      <button class="small main">Save</button>
      <button type="button" class="small" onClick={() => void onDone(undefined)}>
        Cancel
      </button>
    </form>
  );
}
