import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { EmulatorView, PhoneView, SignupResult } from '../../view.js';
import { CopyButton } from '../copy-button.js';
import { Icon } from '../icon.js';
import { Json } from '../panel/json.js';
import { runAction } from '../server.js';
import { encodeQrCode } from './encode-qr-code.js';

interface OnboardingProps {
  readonly phone: PhoneView;
  readonly view: EmulatorView;
  readonly onClose: () => void;
}

type Step = { readonly name: 'scan' } | { readonly name: 'consent' } | { readonly name: 'done'; readonly result: SignupResult };

const storageKey = 'wa-coexist-signup-url';

/** Embedded Signup of a number: the QR code, the consent on the phone, and the code for your program. */
export function Onboarding({ phone, view, onClose }: OnboardingProps): VNode {
  const [step, setStep] = useState<Step>({ name: 'scan' });
  const [problem, setProblem] = useState('');
  const [postTo, setPostTo] = useState(() => localStorage.getItem(storageKey) ?? '');
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const connect = async (shareHistory: boolean): Promise<void> => {
    localStorage.setItem(storageKey, postTo);
    const result = await runAction({ do: 'signup', number: phone.phoneNumberId, shareHistory, ...(postTo !== '' && { postTo }) });
    // The action returns this type.
    if (result.outcome === 'done') setStep({ name: 'done', result: result.value as SignupResult });
    else setProblem(result.problem);
  };
  return (
    <dialog ref={dialog} class="onboarding" aria-labelledby="onboarding-title" onClose={onClose}>
      <div class="title-row">
        <h2 id="onboarding-title">Connect {phone.name}</h2>
        <button type="button" class="tool" aria-label="Close the dialog" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </div>
      {problem !== '' && (
        <p class="callout" role="alert">
          {problem}
        </p>
      )}
      {step.name === 'scan' && (
        <Scan
          phone={phone}
          view={view}
          postTo={postTo}
          onPostTo={setPostTo}
          onScan={() => {
            setStep({ name: 'consent' });
          }}
        />
      )}
      {step.name === 'consent' && <Consent phone={phone} view={view} onConnect={connect} onCancel={() => dialog.current?.close()} />}
      {step.name === 'done' && <Done result={step.result} />}
    </dialog>
  );
}

interface ScanProps extends Pick<OnboardingProps, 'phone' | 'view'> {
  readonly postTo: string;
  readonly onPostTo: (url: string) => void;
  readonly onScan: () => void;
}

function Scan({ phone, view, postTo, onPostTo, onScan }: ScanProps): VNode {
  const link = `${view.env['WHATSAPP_BASE_URL'] ?? ''}/?connect=${phone.phoneNumberId}`;
  return (
    <form
      class="scan"
      onSubmit={(event) => {
        event.preventDefault();
        onScan();
      }}
    >
      <QrPicture text={link} />
      <div class="stack">
        <ol>
          <li>Open the WhatsApp Business app.</li>
          <li>Scan this code with {phone.displayPhoneNumber}.</li>
          <li>Agree on the phone.</li>
        </ol>
        <label>
          Post the code and the session event to your program
          <input
            type="url"
            placeholder="http://127.0.0.1:3000/signup"
            value={postTo}
            onInput={(event) => {
              onPostTo(event.currentTarget.value);
            }}
          />
        </label>
        <p class="note">Optional. The result is also shown here for copying.</p>
        <button class="main">
          <Icon name="qr" />
          Scan with the phone
        </button>
      </div>
    </form>
  );
}

function QrPicture({ text }: { readonly text: string }): VNode {
  const squares = encodeQrCode(text);
  const path = squares.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${String(x + 4)} ${String(y + 4)}h1v1h-1z` : ''))).join('');
  const size = squares.length + 8;
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${String(size)} ${String(size)}`}
      role="img"
      aria-label={`QR code of ${text}`}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#101a15" />
    </svg>
  );
}

interface ConsentProps extends Pick<OnboardingProps, 'phone' | 'view'> {
  readonly onConnect: (shareHistory: boolean) => Promise<void>;
  readonly onCancel: () => void;
}

function Consent({ phone, view, onConnect, onCancel }: ConsentProps): VNode {
  const [shares, setShares] = useState(true);
  const messages = phone.chats.reduce((count, chat) => count + chat.messages, 0);
  return (
    <form
      class="consent"
      onSubmit={(event) => {
        event.preventDefault();
        void onConnect(shares);
      }}
    >
      <span class="big-mark">
        <Icon name="mark" />
      </span>
      <h3>Connect to the Business Platform?</h3>
      <p>
        App {view.env['WHATSAPP_APP_ID']} will send and receive messages of {phone.displayPhoneNumber}. You can still use the app.
      </p>
      <fieldset>
        <legend>Chats of the last 180 days</legend>
        <label>
          <input
            type="radio"
            name="share"
            checked={shares}
            onChange={() => {
              setShares(true);
            }}
          />
          Share {phone.chats.length} chats with {messages} messages
        </label>
        <label>
          <input
            type="radio"
            name="share"
            checked={!shares}
            onChange={() => {
              setShares(false);
            }}
          />
          Don't share chats
        </label>
      </fieldset>
      <p class="note">All linked devices are unlinked.</p>
      <div class="actions">
        <button class="main" autoFocus>
          Connect
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Done({ result: { code, sessionEvent, posted } }: { readonly result: SignupResult }): VNode {
  const body = JSON.stringify({ code, sessionEvent }, null, 2);
  return (
    <div class="stack">
      <p role="status">
        <span class="pill good">Connected</span> The code works one time, within 30 seconds.
      </p>
      {posted && (
        <p class="callout neutral">
          <strong>
            {posted.url}: {posted.status ?? 'no response'}
          </strong>
          {posted.text !== '' && <span class="clip">{posted.text}</span>}
        </p>
      )}
      <div class="actions">
        <CopyButton text={code} label="Copy code" />
        <CopyButton text={JSON.stringify(sessionEvent)} label="Copy session event" />
        <CopyButton text={body} label="Copy both" />
      </div>
      <Json text={body} label="Code and session event" />
    </div>
  );
}
