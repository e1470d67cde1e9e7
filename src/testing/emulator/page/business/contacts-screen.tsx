import type { VNode } from 'preact';
import type { PhoneView } from '../../view.js';
import { Icon } from '../icon.js';
import { PersonForm } from '../person-form.js';
import type { Act } from '../server.js';
import { initials, phoneText } from '../words.js';

const maxShown = 100;

/** The address book of the app. */
export function ContactsScreen({ phone, act }: { readonly phone: PhoneView; readonly act: Act }): VNode {
  const number = phone.phoneNumberId;
  return (
    <div class="scroll settings">
      <h3>Contacts ({phone.contacts.length})</h3>
      <PersonForm
        of="the contact"
        button="Add or rename"
        onPerson={(customer, name) => act({ do: 'phone.add-contact', number, customer, name })}
      />
      <ul class="people">
        {phone.contacts.slice(0, maxShown).map((contact) => (
          <li key={contact.waId}>
            <span class="avatar" aria-hidden="true">
              {initials(contact.fullName)}
            </span>
            <span class="who">
              <strong>{contact.fullName}</strong>
              <small>{phoneText(contact.waId)}</small>
            </span>
            <button
              type="button"
              class="tool"
              aria-label={`Remove ${contact.fullName}`}
              onClick={() => void act({ do: 'phone.remove-contact', number, customer: contact.waId })}
            >
              <Icon name="delete" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
