import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { EmulatorAction } from '../../view.js';
import type { PanelProps } from './panel-props.js';

/** Sequences of actions that you can repeat. */
export function ScenariosTab({ view, number, customer, act, history }: PanelProps): VNode {
  const [name, setName] = useState('');
  const [count, setCount] = useState('5');
  const steps = history.slice(-Number(count)).map((action) => withPlaceholders(action, { number, customer }));
  return (
    <div class="scroll stack" tabIndex={0} role="group" aria-label="Scenarios">
      <h3>Scenarios</h3>
      {view.scenarios.map((scenario) => (
        <article class="card-row" key={scenario.name}>
          <div class="title-row">
            <strong>{scenario.name}</strong>
            <span class="note">
              {scenario.steps} {scenario.steps === 1 ? 'step' : 'steps'}
            </span>
            <button
              type="button"
              class="small main"
              onClick={() => void act({ do: 'scenario.run', name: scenario.name, number, customer })}
            >
              Run<span class="hidden"> {scenario.name}</span>
            </button>
            {!scenario.builtIn && (
              <button type="button" class="small" onClick={() => void act({ do: 'scenario.delete', name: scenario.name })}>
                Delete<span class="hidden"> {scenario.name}</span>
              </button>
            )}
          </div>
        </article>
      ))}
      <h3>Save your last actions</h3>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          void act({ do: 'scenario.save', name, steps }).then((saved) => {
            if (saved) setName('');
          });
        }}
      >
        <input
          aria-label="Name of the scenario"
          placeholder="Name"
          required
          value={name}
          onInput={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <input
          class="short"
          type="number"
          min="1"
          max="200"
          aria-label="Number of actions"
          value={count}
          onInput={(event) => {
            setCount(event.currentTarget.value);
          }}
        />
        <button class="small" disabled={steps.length === 0}>
          Save {steps.length} {steps.length === 1 ? 'action' : 'actions'}
        </button>
      </form>
      <p class="note">With --state, the emulator keeps them across restarts.</p>
    </div>
  );
}

/** The same action for any number and customer. */
function withPlaceholders(action: EmulatorAction, place: { readonly number: string; readonly customer: string }): unknown {
  return JSON.parse(JSON.stringify(action), (_key, value: unknown) =>
    value === place.number ? '$number' : value === place.customer ? '$customer' : value,
  );
}
