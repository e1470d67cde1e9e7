import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { EmulatorView, PhoneView } from '../view.js';
import type { Act } from './server.js';
import { Chat, WriteForm } from './chat.js';
import { PersonForm } from './person-form.js';
import { daysAgo, phoneText, timeText } from './words.js';

interface PhoneProps {
  readonly phone: PhoneView;
  readonly view: EmulatorView;
  readonly customer: string | undefined;
  readonly act: Act;
  readonly onCustomer: (waId: string) => void;
}

/** The Business app: chats, contacts, linked devices, what coexistence has switched off, and the link itself. */
export function BusinessPhone({ phone, view, customer, act, onCustomer }: PhoneProps): VNode {
  const number = phone.phoneNumberId;
  const { now } = view.clock;
  const name = view.customers.find(({ waId }) => waId === customer)?.name ?? customer ?? '';
  return (
    <section class="phone" aria-labelledby="business-title">
      <div class="head business">
        <div>
          <h2 id="business-title">{phone.name}</h2>
          <span class="sub">Business app · {phone.displayPhoneNumber}</span>
        </div>
        <span class="grow" />
        <span class={`tag ${phone.linked ? '' : 'bad'}`}>{phone.linked ? 'linked to the API' : 'not linked'}</span>
      </div>
      <div class="body">
        <h3>Chats</h3>
        <ul class="chats">
          {phone.chats.map((chat) => (
            <li key={chat.customerWaId}>
              <button
                aria-current={chat.customerWaId === customer}
                onClick={() => {
                  onCustomer(chat.customerWaId);
                }}
              >
                <strong>{chat.name}</strong>
                <time dateTime={chat.lastAt}>{timeText(chat.lastAt, now)}</time>
                <span class="last">{chat.lastText}</span>
              </button>
            </li>
          ))}
          {phone.chats.length === 0 && <li class="body note">No chat yet. Let a customer write.</li>}
        </ul>
        {customer !== undefined && (
          <>
            <Chat
              id="chat"
              label={`Chat with ${name} in the Business app`}
              messages={view.chat}
              now={now}
              side="business"
              onEdit={(message, text) => act({ do: 'phone.edit', number, message, text })}
              onDelete={(message) => void act({ do: 'phone.delete', number, message })}
            />
            <WriteForm label={`Write to ${name} from the app`} onSend={(text) => act({ do: 'phone.send', number, customer, text })} />
          </>
        )}
        <Contacts phone={phone} act={act} />
        <Devices phone={phone} act={act} />
        <SwitchedOff phone={phone} />
        <Link phone={phone} now={now} act={act} />
      </div>
    </section>
  );
}

function Contacts({ phone, act }: { readonly phone: PhoneView; readonly act: Act }): VNode {
  const number = phone.phoneNumberId;
  return (
    <details>
      <summary>Contacts ({phone.contacts.length})</summary>
      <ul>
        {phone.contacts.slice(0, 50).map((contact) => (
          <li key={contact.waId}>
            <span>
              {contact.fullName} <span class="note">{phoneText(contact.waId)}</span>
            </span>
            <button class="plain danger" onClick={() => void act({ do: 'phone.remove-contact', number, customer: contact.waId })}>
              Remove<span class="hidden"> {contact.fullName}</span>
            </button>
          </li>
        ))}
      </ul>
      <PersonForm
        of="the contact"
        button="Add or rename"
        onPerson={(customer, name) => act({ do: 'phone.add-contact', number, customer, name })}
      />
    </details>
  );
}

const companions = {
  web: 'WhatsApp Web',
  mac: 'Mac',
  'second-phone': 'Second phone',
  windows: 'Windows (not mirrored)',
  wearos: 'Wear OS (not mirrored)',
};

function Devices({ phone, act }: { readonly phone: PhoneView; readonly act: Act }): VNode {
  const number = phone.phoneNumberId;
  const [companion, setCompanion] = useState('web');
  return (
    <details>
      <summary>Linked devices ({phone.companions.length} of 4)</summary>
      <ul>
        {phone.companions.map((name, index) => (
          <li key={`${name}${String(index)}`}>{Object.entries(companions).find(([key]) => key === name)?.[1] ?? name}</li>
        ))}
      </ul>
      <form
        class="write"
        onSubmit={(event) => {
          event.preventDefault();
          void act({ do: 'phone.link-companion', number, companion });
        }}
      >
        <select
          aria-label="Device"
          value={companion}
          onChange={(event) => {
            setCompanion(event.currentTarget.value);
          }}
        >
          {Object.entries(companions).map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
        <button>Link device</button>
      </form>
      <button onClick={() => void act({ do: 'phone.change-device', number })}>Move to a new phone</button>
    </details>
  );
}

function SwitchedOff({ phone }: { readonly phone: PhoneView }): VNode {
  return (
    <details>
      <summary>Changed by coexistence ({phone.features.length})</summary>
      <ul>
        {phone.features.map(({ feature, inApp, note }) => (
          <li key={feature}>
            <span>{feature.replaceAll('-', ' ')}</span>
            <span class="tag quiet">{inApp}</span>
            {note !== undefined && <span class="note">{note}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Link({ phone, now, act }: { readonly phone: PhoneView; readonly now: string; readonly act: Act }): VNode {
  const number = phone.phoneNumberId;
  return (
    <div class="row">
      <span class="note">App last used {daysAgo(phone.lastUsedAt, now)}.</span>
      {phone.linked ? (
        <button class="danger" onClick={() => void act({ do: 'phone.disconnect', number })}>
          Disconnect from the API
        </button>
      ) : (
        <button onClick={() => void act({ do: 'signup', number, shareHistory: true })}>Connect through Embedded Signup</button>
      )}
    </div>
  );
}
