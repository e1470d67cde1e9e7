import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PanelProps } from './panel-props.js';

/** Faults, and the throughput of the number. */
export function TrafficTab({ view, number, act }: PanelProps): VNode {
  const [messages, setMessages] = useState('100');
  const { cap, lastSecond, accepted, throttled, queued } = view.gauge;
  const isFaulty = view.faults.some(({ active }) => active);
  return (
    <div class="scroll stack" tabIndex={0} role="group" aria-label="Traffic">
      <div class="title-row">
        <h3>Faults</h3>
        <button type="button" class="small" disabled={!isFaulty} onClick={() => void act({ do: 'fault.clear' })}>
          Remove all faults
        </button>
      </div>
      <div class="faults">
        {view.faults.map(({ name, title, note, active }) => (
          <button type="button" key={name} class="fault" aria-pressed={active} onClick={() => void act({ do: 'fault.add', fault: name })}>
            <strong>{title}</strong>
            <span class="note">{note}</span>
          </button>
        ))}
      </div>
      <h3>Throughput</h3>
      <div class="gauge">
        <label for="last-second">In the last second</label>
        <meter id="last-second" min={0} max={cap} high={cap * 0.98} optimum={0} value={Math.min(lastSecond, cap)}>
          {lastSecond} of {cap}
        </meter>
        <span>
          {lastSecond} of {cap}
        </span>
      </div>
      <p class="note numbers">
        {queued === undefined ? '' : `${String(queued)} queued · `}
        {accepted} accepted · {throttled} throttled
      </p>
      <form
        class="fields"
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
        <button class="small">Send campaign</button>
      </form>
      <p class="note">A sender inside the emulator sends hello_world to invented people, at the limit of the number.</p>
    </div>
  );
}
