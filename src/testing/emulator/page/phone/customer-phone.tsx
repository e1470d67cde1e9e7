import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { digitsOf } from '../../../fake/digits.js';
import type { ActionContent, ChatMessageView, EmulatorView, PhoneView } from '../../view.js';
import { Icon } from '../icon.js';
import { PersonForm } from '../person-form.js';
import type { Act } from '../server.js';
import { initials, phoneText } from '../words.js';
import type { ChatActions } from './bubble.js';
import { Chat } from './chat.js';
import { Composer } from './composer.js';
import { Device } from './device.js';
import type { OpenSheet } from './interactive.js';
import { Sheet } from './sheet.js';

interface CustomerPhoneProps {
  readonly phone: PhoneView;
  readonly view: EmulatorView;
  readonly customer: string;
  readonly act: Act;
  readonly onCustomer: (waId: string) => void;
}

/** WhatsApp on the phone of the selected customer. */
export function CustomerPhone({ phone, view, customer, act, onCustomer }: CustomerPhoneProps): VNode {
  const number = phone.phoneNumberId;
  const person = view.customers.find((other) => other.waId === customer);
  const [quoted, setQuoted] = useState<ChatMessageView>();
  const [sheet, setSheet] = useState<{ readonly message: string; readonly content: OpenSheet }>();
  const [isAdding, setAdding] = useState(false);
  useEffect(() => {
    setQuoted(undefined);
    setSheet(undefined);
  }, [customer, number]);

  const send = async (content: ActionContent, replyTo?: string): Promise<boolean> => {
    const sent = await act({ do: 'customer.send', number, customer, content, ...(replyTo !== undefined && { replyTo }) });
    if (sent) setQuoted(undefined);
    return sent;
  };
  const actions: ChatActions = {
    onEdit: (message, text) => act({ do: 'customer.edit', number, customer, message, text }),
    onDelete: (message) => void act({ do: 'customer.delete', number, customer, message }),
    onReact: (message, emoji) => void send({ type: 'reaction', reaction: { message_id: message, emoji } }),
    onQuote: setQuoted,
    onPlay: (message) => void act({ do: 'customer.play', customer, message }),
    message: (message) => ({
      onReply: (content) => void send(content, message.id),
      onOpen: (content) => {
        setSheet({ message: message.id, content });
      },
    }),
  };
  return (
    <Device
      title="Customer"
      titleId="customer-title"
      now={view.clock.now}
      kind="customer"
      controls={
        <>
          <label class="grow">
            <span class="hidden">Whose phone</span>
            <select
              value={customer}
              onChange={(event) => {
                onCustomer(event.currentTarget.value);
              }}
            >
              {!person && <option value={customer}>{phoneText(customer)}</option>}
              {view.customers.map((other) => (
                <option key={other.waId} value={other.waId}>
                  {other.name}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            class="tool"
            aria-label="Add a customer"
            aria-expanded={isAdding}
            onClick={() => {
              setAdding(!isAdding);
            }}
          >
            <Icon name="attach" />
          </button>
        </>
      }
    >
      <div class="app-bar">
        <span class="avatar" aria-hidden="true">
          {initials(phone.name)}
        </span>
        <span class="who">
          <strong>{phone.name}</strong>
          <small>{view.typing ? 'typing…' : phone.displayPhoneNumber}</small>
        </span>
        <button type="button" class="bar-button" onClick={() => void act({ do: 'customer.read', customer })}>
          Read all
        </button>
      </div>
      {isAdding && (
        <div class="over">
          <PersonForm
            of="the customer"
            button="Add"
            onPerson={async (waId, name) => {
              const added = await act({ do: 'customer.add', customer: waId, name });
              if (added) {
                setAdding(false);
                onCustomer(digitsOf(waId));
              }
              return added;
            }}
          />
        </div>
      )}
      <Chat
        label={`Chat with ${phone.name} on the customer's phone`}
        messages={view.chat}
        side="customer"
        typing={view.typing}
        actions={actions}
      />
      <Composer
        label={`Write to ${phone.name}`}
        quoted={quoted}
        onUnquote={() => {
          setQuoted(undefined);
        }}
        onSend={(content) => send(content, quoted?.id)}
      />
      {sheet && (
        <Sheet
          sheet={sheet.content}
          onReply={(content) => {
            setSheet(undefined);
            void send(content, sheet.message);
          }}
          onClose={() => {
            setSheet(undefined);
          }}
        />
      )}
    </Device>
  );
}
