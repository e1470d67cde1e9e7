import type { VNode } from 'preact';
import type { PhoneView } from '../../view.js';
import { initials, timeText } from '../words.js';

interface ChatsScreenProps {
  readonly phone: PhoneView;
  readonly now: string;
  readonly customer: string;
  readonly onCustomer: (waId: string) => void;
}

/** The chats of the app, newest first. */
export function ChatsScreen({ phone, now, customer, onCustomer }: ChatsScreenProps): VNode {
  return (
    <ul class="scroll chats" aria-label="Chats">
      {phone.chats.map((chat) => (
        <li key={chat.customerWaId}>
          <button
            type="button"
            aria-current={chat.customerWaId === customer}
            onClick={() => {
              onCustomer(chat.customerWaId);
            }}
          >
            <span class="avatar" aria-hidden="true">
              {initials(chat.name)}
            </span>
            <strong>{chat.name}</strong>
            <time dateTime={chat.lastAt}>{timeText(chat.lastAt, now)}</time>
            <span class="last">{chat.lastText}</span>
          </button>
        </li>
      ))}
      {phone.chats.length === 0 && <li class="empty">No chats yet. Write a message on the phone of the customer.</li>}
    </ul>
  );
}
