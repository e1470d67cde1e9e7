import type { VNode } from 'preact';
import { CopyButton } from '../copy-button.js';
import { envText } from './env-text.js';
import type { PanelProps } from './panel-props.js';

/** The variables for your program, a first request, and the clock. */
export function SetupTab({ view, number, customer, act }: PanelProps): VNode {
  const baseUrl = view.env['WHATSAPP_BASE_URL'] ?? '';
  const curl = `curl ${baseUrl}/v26.0/${number}/messages \\
  -H "Authorization: Bearer $WHATSAPP_ACCESS_TOKEN" -H 'Content-Type: application/json' \\
  -d '{"messaging_product":"whatsapp","to":"${customer}","type":"template",
       "template":{"name":"hello_world","language":{"code":"en_US"}}}'`;
  return (
    <div class="scroll stack" tabIndex={0} role="group" aria-label="Setup">
      <div class="title-row">
        <h3>.env</h3>
        <CopyButton text={envText(view)} label="Copy .env" />
      </div>
      <pre tabIndex={0} aria-label="Variables">
        {envText(view)}
      </pre>
      <div class="title-row">
        <h3>First request</h3>
        <CopyButton text={curl} label="Copy as curl" />
        <button
          type="button"
          class="small main"
          onClick={() =>
            void act({
              do: 'api.send',
              number,
              message: { to: customer, type: 'template', template: { name: 'hello_world', language: { code: 'en_US' } } },
            })
          }
        >
          Send it
        </button>
      </div>
      <pre tabIndex={0} aria-label="First request">
        {curl}
      </pre>
      <h3>Embedded Signup</h3>
      <p class="note">Load {baseUrl}/sdk.js instead of Meta's sdk.js. FB.login opens the emulator's dialog.</p>
      <h3>Clock</h3>
      <p class="note">
        Your program can follow the emulator's clock: pass <code>await emulatorClock(baseUrl)</code> of <code>wa-coexist/testing</code> as
        its <code>clock</code>.
      </p>
    </div>
  );
}
