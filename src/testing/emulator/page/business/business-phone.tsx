import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ActionContent, EmulatorView, PhoneView } from '../../view.js';
import { Icon, type IconName } from '../icon.js';
import type { ChatActions } from '../phone/bubble.js';
import { Chat } from '../phone/chat.js';
import { Composer } from '../phone/composer.js';
import { Device } from '../phone/device.js';
import type { Act } from '../server.js';
import { initials, phoneText } from '../words.js';
import { ChatsScreen } from './chats-screen.js';
import { ContactsScreen } from './contacts-screen.js';
import { SettingsScreen } from './settings-screen.js';

/** What the business phone acts on. */
export interface BusinessPhoneProps {
  readonly phone: PhoneView;
  readonly view: EmulatorView;
  readonly customer: string;
  readonly act: Act;
  readonly onCustomer: (waId: string) => void;
  readonly onConnect: () => void;
}

type Screen = 'chat' | 'chats' | 'contacts' | 'settings';

const tabs: readonly { readonly screen: Screen; readonly title: string; readonly icon: IconName }[] = [
  { screen: 'chats', title: 'Chats', icon: 'chats' },
  { screen: 'contacts', title: 'Contacts', icon: 'contact' },
  { screen: 'settings', title: 'Settings', icon: 'settings' },
];

/** The WhatsApp Business app on the phone of the business. */
export function BusinessPhone(props: BusinessPhoneProps): VNode {
  const { phone, view, customer, act, onCustomer, onConnect } = props;
  const [screen, setScreen] = useState<Screen>('chat');
  const number = phone.phoneNumberId;
  useEffect(() => {
    setScreen('chat');
  }, [number, customer]);
  return (
    <Device
      title={phone.name}
      titleId="business-title"
      now={view.clock.now}
      kind="business"
      controls={<span class={`pill ${phone.linked ? 'good' : 'bad'}`}>{phone.linked ? 'Connected to the API' : 'Not connected'}</span>}
    >
      {!phone.linked && (
        <div class="cut" role="status">
          <span>Your program can't send or receive messages of this number.</span>
          <button type="button" class="small main" onClick={onConnect}>
            Connect
          </button>
        </div>
      )}
      {screen === 'chat' ? (
        <OpenChat
          {...props}
          onBack={() => {
            setScreen('chats');
          }}
        />
      ) : (
        <>
          <div class="app-bar">
            <span class="who">
              <strong>{tabs.find((tab) => tab.screen === screen)?.title}</strong>
              <small>{phone.displayPhoneNumber}</small>
            </span>
          </div>
          {screen === 'chats' && (
            <ChatsScreen
              phone={phone}
              now={view.clock.now}
              customer={customer}
              onCustomer={(waId) => {
                onCustomer(waId);
                setScreen('chat');
              }}
            />
          )}
          {screen === 'contacts' && <ContactsScreen phone={phone} act={act} />}
          {screen === 'settings' && <SettingsScreen phone={phone} now={view.clock.now} act={act} onConnect={onConnect} />}
        </>
      )}
      <nav class="tabs" aria-label="Business app">
        {tabs.map(({ screen: target, title, icon }) => (
          <button
            type="button"
            key={target}
            aria-current={screen === target || (screen === 'chat' && target === 'chats') ? 'page' : undefined}
            onClick={() => {
              setScreen(target);
            }}
          >
            <Icon name={icon} />
            {title}
          </button>
        ))}
      </nav>
    </Device>
  );
}

function OpenChat({ phone, view, customer, act, onBack }: BusinessPhoneProps & { readonly onBack: () => void }): VNode {
  const number = phone.phoneNumberId;
  const name =
    phone.chats.find(({ customerWaId }) => customerWaId === customer)?.name ??
    view.customers.find(({ waId }) => waId === customer)?.name ??
    phoneText(customer);
  const send = (content: ActionContent): Promise<boolean> => act({ do: 'phone.send', number, customer, content });
  const actions: ChatActions = {
    onEdit: (message, text) => act({ do: 'phone.edit', number, message, text }),
    onDelete: (message) => void act({ do: 'phone.delete', number, message }),
    onReact: (message, emoji) => void send({ type: 'reaction', reaction: { message_id: message, emoji } }),
  };
  return (
    <>
      <div class="app-bar">
        <button type="button" class="tool" aria-label="All chats" onClick={onBack}>
          <Icon name="back" />
        </button>
        <span class="avatar" aria-hidden="true">
          {initials(name)}
        </span>
        <span class="who">
          <strong>{name}</strong>
          <small>{phoneText(customer)}</small>
        </span>
      </div>
      <Chat
        id="chat"
        label={`Chat with ${name} in the Business app`}
        messages={view.chat}
        side="business"
        typing={false}
        actions={actions}
      />
      <Composer label={`Write to ${name} from the app`} onSend={send} />
    </>
  );
}
