import type { VNode } from 'preact';
import { digitsOf } from '../../fake/digits.js';
import type { EmulatorView, PhoneView } from '../view.js';
import type { Act } from './server.js';
import { Chat, WriteForm } from './chat.js';
import { PersonForm } from './person-form.js';
import { phoneText } from './words.js';

interface CustomerPhoneProps {
  readonly phone: PhoneView;
  readonly view: EmulatorView;
  readonly customer: string | undefined;
  readonly act: Act;
  readonly onCustomer: (waId: string) => void;
}

/** The phone of the customer that is looked at. */
export function CustomerPhone({ phone, view, customer, act, onCustomer }: CustomerPhoneProps): VNode {
  const number = phone.phoneNumberId;
  const person = view.customers.find((other) => other.waId === customer);
  return (
    <section class="phone" aria-labelledby="customer-title">
      <div class="head person">
        <div>
          <h2 id="customer-title">{person?.name ?? 'Customer'}</h2>
          <span class="sub">Customer{customer === undefined ? '' : ` · ${phoneText(customer)}`}</span>
        </div>
        <span class="grow" />
        <label class="row">
          <span class="hidden">Whose phone</span>
          <select
            value={customer ?? ''}
            onChange={(event) => {
              onCustomer(event.currentTarget.value);
            }}
          >
            {view.customers.slice(0, 200).map((other) => (
              <option key={other.waId} value={other.waId}>
                {other.name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="body">
        {customer !== undefined && (
          <>
            <Chat
              label={`Chat with ${phone.name} on the customer's phone`}
              messages={view.chat}
              now={view.clock.now}
              side="customer"
              onEdit={(message, text) => act({ do: 'customer.edit', number, customer, message, text })}
              onDelete={(message) => void act({ do: 'customer.delete', number, customer, message })}
            />
            <WriteForm label={`Write to ${phone.name}`} onSend={(text) => act({ do: 'customer.send', number, customer, text })} />
            <div class="row">
              <button onClick={() => void act({ do: 'customer.read', customer })}>Read everything</button>
            </div>
          </>
        )}
        <details>
          <summary>Another customer</summary>
          <PersonForm
            of="the customer"
            button="Add"
            onPerson={async (waId, name) => {
              const added = await act({ do: 'customer.add', customer: waId, name });
              if (added) onCustomer(digitsOf(waId));
              return added;
            }}
          />
        </details>
      </div>
    </section>
  );
}
