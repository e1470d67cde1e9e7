import type { FakeCloudApi, FakeNumber } from 'wa-coexist/testing';

/** What a stand-in for Meta's side serves: `/sdk.js`, and the popup that it opens. */
export interface StandIn {
  answer(path: string): { readonly type: string; readonly body: string } | undefined;
}

/** As much of Meta's JavaScript SDK as Embedded Signup needs: `FB.login` opens a popup that posts to the page, then calls back. */
export function standInSdk(fake: FakeCloudApi, number: FakeNumber): StandIn {
  return {
    answer(path) {
      if (path === '/sdk.js') return { type: 'text/javascript', body: sdk };
      if (path === '/popup') return { type: 'text/html', body: popup };
      if (path === '/finish') return { type: 'application/json', body: JSON.stringify(fake.signup(number)) };
      return undefined;
    },
  };
}

const sdk = `globalThis.FB = {
  init() {},
  login(callback) {
    const origin = new URL(document.querySelector('script[src$="/sdk.js"]').src).origin;
    const popup = open(origin + '/popup', 'signup', 'width=480,height=480');
    const end = (response) => {
      clearInterval(watch);
      removeEventListener('message', hear);
      callback(response);
    };
    const hear = ({ source, data }) => {
      if (source === popup && data?.type === 'stand-in') end({ authResponse: { code: data.code } });
    };
    const watch = setInterval(() => popup.closed && end({}), 200);
    addEventListener('message', hear);
  },
};`;

const popup = `<!doctype html><meta charset="utf-8" /><title>Stand-in for Meta</title>
<h1>Connect Harbor Bakery?</h1>
<p>This plays Meta's popup. Nothing leaves this machine.</p>
<button id="finish">Connect</button> <button id="cancel">Cancel</button>
<script>
  const tell = (event, data) => opener.postMessage(JSON.stringify({ type: 'WA_EMBEDDED_SIGNUP', event, version: 3, data }), '*');
  finish.onclick = async () => {
    const { code, sessionEvent } = await (await fetch('/finish')).json();
    tell(sessionEvent.event, sessionEvent.data);
    opener.postMessage({ type: 'stand-in', code }, '*');
    close();
  };
  cancel.onclick = () => { tell('CANCEL', { current_step: 'PHONE_NUMBER_SETUP' }); close(); };
</script>`;
