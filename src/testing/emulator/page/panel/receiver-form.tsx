import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { EmulatorView } from '../../view.js';
import type { Act } from '../server.js';

/** The address of your receiver. */
export function ReceiverForm({ view, act }: { readonly view: EmulatorView; readonly act: Act }): VNode {
  const current = view.receiver.url ?? '';
  const [url, setUrl] = useState(current);
  useEffect(() => {
    setUrl(current);
  }, [current]);
  const { waiting } = view.receiver;
  return (
    <form
      class="receiver"
      onSubmit={(event) => {
        event.preventDefault();
        void act({ do: 'receiver.set', url });
      }}
    >
      <label for="receiver-url">Webhooks to</label>
      <input
        id="receiver-url"
        type="url"
        placeholder="http://127.0.0.1:3000/webhook"
        required
        value={url}
        onInput={(event) => {
          setUrl(event.currentTarget.value);
        }}
      />
      <button class={`small ${url === current ? '' : 'main'}`}>Set</button>
      <span class={`pill ${waiting > 0 ? 'waiting' : 'quiet'}`}>{current === '' ? 'No receiver' : `${String(waiting)} waiting`}</span>
    </form>
  );
}
