import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { EmulatorView, GaugeView } from '../view.js';
import type { Act } from './server.js';

interface TopBarProps {
  readonly view: EmulatorView;
  readonly act: Act;
  readonly onNumber: (phoneNumberId: string) => void;
}

/** Which number, what time it is there, and how close the number is to its throughput. */
export function TopBar({ view, act, onNumber }: TopBarProps): VNode {
  const number = view.phone?.phoneNumberId ?? '';
  return (
    <header class="bar">
      <h1>wa-coexist emulator</h1>
      <label class="row">
        Number
        <select
          value={number}
          onChange={(event) => {
            onNumber(event.currentTarget.value);
          }}
        >
          {view.numbers.map(({ phoneNumberId, displayPhoneNumber, name, linked }) => (
            <option key={phoneNumberId} value={phoneNumberId}>
              {name}, {displayPhoneNumber}
              {linked ? '' : ' (app only)'}
            </option>
          ))}
        </select>
      </label>
      <span class="grow" />
      <Clock now={view.clock.now} number={number} act={act} />
      <Gauge gauge={view.gauge} number={number} act={act} />
    </header>
  );
}

function Clock({ now, number, act }: { readonly now: string; readonly number: string; readonly act: Act }): VNode {
  const date = new Date(now);
  return (
    <section class="row" aria-label="Clock">
      <time dateTime={now}>
        {date.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' })},{' '}
        {date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })}
      </time>
      <button onClick={() => void act({ do: 'phone.open-app', number })}>Open app</button>
      <button onClick={() => void act({ do: 'clock.advance', days: 1 })}>Advance 1 day</button>
      <button onClick={() => void act({ do: 'clock.advance', days: 13 })}>Advance 13 days</button>
    </section>
  );
}

function Gauge({ gauge, number, act }: { readonly gauge: GaugeView; readonly number: string; readonly act: Act }): VNode {
  const [messages, setMessages] = useState('100');
  const { cap, lastSecond, accepted, throttled, queued } = gauge;
  return (
    <section class="row" aria-label="Sender">
      <div class="gauge">
        <label for="last-second">In the last second</label>
        <meter id="last-second" min={0} max={cap} high={cap * 0.98} optimum={0} value={Math.min(lastSecond, cap)}>
          {lastSecond} of {cap}
        </meter>
        <span>
          {lastSecond} of {cap}
        </span>
        <span class="numbers">
          {queued === undefined ? '' : `${String(queued)} queued · `}
          {accepted} accepted · {throttled} throttled
        </span>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act({ do: 'campaign.send', number, messages: Number(messages) });
        }}
      >
        <label class="hidden" for="campaign">
          Messages of the campaign
        </label>
        <input
          id="campaign"
          type="number"
          min="1"
          max="5000"
          required
          value={messages}
          onInput={(event) => {
            setMessages(event.currentTarget.value);
          }}
        />
        <button>Send campaign</button>
      </form>
    </section>
  );
}
