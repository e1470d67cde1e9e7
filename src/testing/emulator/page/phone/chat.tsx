import { Fragment, type VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ChatMessageView } from '../../view.js';
import { Bubble, type ChatActions } from './bubble.js';

interface ChatProps {
  readonly label: string;
  readonly id?: string;
  readonly messages: readonly ChatMessageView[];
  /** Whose phone shows it. */
  readonly side: 'business' | 'customer';
  readonly typing: boolean;
  readonly actions: ChatActions;
}

/** A chat on one of the two phones. Screen readers announce new messages. */
export function Chat({ label, id, messages, side, typing, actions }: ChatProps): VNode {
  const wall = useRef<HTMLDivElement>(null);
  const last = messages.at(-1)?.id;
  const reactions = messages.reduce((count, message) => count + message.reactions.length, 0);
  useLayoutEffect(() => {
    if (wall.current) wall.current.scrollTop = wall.current.scrollHeight;
  }, [last, typing, reactions]);
  let day = '';
  return (
    <div class="wall" id={id} role="log" aria-label={label} tabIndex={0} ref={wall}>
      {messages.length === 0 && <p class="empty">No messages yet</p>}
      {messages.map((message) => {
        const date = new Date(message.at).toLocaleDateString(undefined, { day: 'numeric', month: 'long' });
        const isNewDay = date !== day;
        day = date;
        return (
          <Fragment key={message.id}>
            {isNewDay && <span class="day">{date}</span>}
            <Bubble message={message} side={side} actions={actions} />
          </Fragment>
        );
      })}
      {typing && (
        <div class="row-of theirs">
          <span class="bubble theirs typing" role="img" aria-label="Typing">
            <i />
            <i />
            <i />
          </span>
        </div>
      )}
    </div>
  );
}
