import type { ComponentChildren, VNode } from 'preact';
import type { EmulatorView } from '../../view.js';
import { CopyButton } from '../copy-button.js';
import { Icon } from '../icon.js';
import { envText } from './env-text.js';

/** The way to the first message, while the log is empty. */
export function FirstSteps({ view }: { readonly view: EmulatorView }): VNode {
  return (
    <div class="first-steps scroll" tabIndex={0} role="group" aria-label="First steps">
      <h3>First steps</h3>
      <ol>
        <Step done={false} title="Give your program the variables">
          <p>Save them as .env, or start the emulator with --write-env .env.</p>
          <pre tabIndex={0} aria-label="Variables">
            {envText(view)}
          </pre>
          <CopyButton text={envText(view)} label="Copy .env" />
        </Step>
        <Step done={view.receiver.url !== undefined} title="Start your receiver, and enter its address above">
          <p>The emulator signs each webhook with WHATSAPP_APP_SECRET.</p>
        </Step>
        <Step done={view.chat.length > 0} title="Write a message on the phone of the customer">
          <p>The webhook and the reply of your program appear here.</p>
        </Step>
      </ol>
    </div>
  );
}

function Step({ done, title, children }: { readonly done: boolean; readonly title: string; readonly children: ComponentChildren }): VNode {
  return (
    <li class={done ? 'done' : ''}>
      <strong>
        {title}
        {done && <Icon name="check" />}
      </strong>
      {children}
    </li>
  );
}
