import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PhoneView } from '../../view.js';
import type { Act } from '../server.js';
import { daysAgo } from '../words.js';

interface SettingsScreenProps {
  readonly phone: PhoneView;
  readonly now: string;
  readonly act: Act;
  readonly onConnect: () => void;
}

const companions: Readonly<Record<string, string>> = {
  web: 'WhatsApp Web',
  mac: 'Mac',
  'second-phone': 'Second phone',
  windows: 'Windows (no echoes)',
  wearos: 'Wear OS (no echoes)',
};

/** The connection to the API, linked devices, and what coexistence changed in the app. */
export function SettingsScreen({ phone, now, act, onConnect }: SettingsScreenProps): VNode {
  const number = phone.phoneNumberId;
  return (
    <div class="scroll settings">
      <h3>Business Platform</h3>
      <p class="note">App last used {daysAgo(phone.lastUsedAt, now)}. Meta disconnects a number that isn't used for 14 days.</p>
      <div class="actions">
        <button type="button" class="small" onClick={() => void act({ do: 'phone.open-app', number })}>
          Open app
        </button>
        {phone.linked ? (
          <button type="button" class="small danger" onClick={() => void act({ do: 'phone.disconnect', number })}>
            Disconnect from the API
          </button>
        ) : (
          <button type="button" class="small main" onClick={onConnect}>
            Connect to the API
          </button>
        )}
      </div>
      <Devices phone={phone} act={act} />
      <details>
        <summary>Changed by coexistence ({phone.features.length})</summary>
        <ul class="features">
          {phone.features.map(({ feature, inApp, note }) => (
            <li key={feature}>
              <strong>{feature.replaceAll('-', ' ')}</strong> <span class="pill quiet">{inApp}</span>
              {note !== undefined && <p class="note">{note}</p>}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function Devices({ phone, act }: { readonly phone: PhoneView; readonly act: Act }): VNode {
  const number = phone.phoneNumberId;
  const [companion, setCompanion] = useState('web');
  return (
    <>
      <h3>Linked devices ({phone.companions.length} of 4)</h3>
      <ul class="features">
        {phone.companions.map((name, index) => (
          <li key={`${name}${String(index)}`}>{companions[name] ?? name}</li>
        ))}
      </ul>
      <form
        class="fields"
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
        <button class="small">Link device</button>
      </form>
      <div class="actions">
        <button type="button" class="small" onClick={() => void act({ do: 'phone.change-device', number })}>
          Move to a new phone
        </button>
      </div>
    </>
  );
}
