import type { VNode } from 'preact';
import { useState } from 'preact/hooks';

interface PersonFormProps {
  /** The kind of person, after "Number of" and "Name of". */
  readonly of: string;
  readonly button: string;
  /** Whether it was taken: the fields are emptied then. */
  readonly onPerson: (number: string, name: string) => Promise<boolean>;
}

/** Asks for a number and a name. */
export function PersonForm({ of, button, onPerson }: PersonFormProps): VNode {
  const [number, setNumber] = useState('');
  const [name, setName] = useState('');
  return (
    <form
      class="fields"
      onSubmit={(event) => {
        event.preventDefault();
        void onPerson(number, name).then((taken) => {
          if (!taken) return;
          setNumber('');
          setName('');
        });
      }}
    >
      <input
        aria-label={`Number of ${of}`}
        placeholder="Number"
        required
        pattern="[+0-9 ]+"
        value={number}
        onInput={(event) => {
          setNumber(event.currentTarget.value);
        }}
      />
      <input
        aria-label={`Name of ${of}`}
        placeholder="Name"
        required
        value={name}
        onInput={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <button class="small">{button}</button>
    </form>
  );
}
