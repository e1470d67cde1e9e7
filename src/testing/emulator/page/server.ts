import type { EmulatorAction, EmulatorView } from '../view.js';

/** What is looked at: a number and a customer. */
export interface Selection {
  readonly number?: string;
  readonly customer?: string;
}

/** Runs an action, and returns whether it succeeded. */
export type Act = (action: EmulatorAction) => Promise<boolean>;

/** Fetches what the page shows. */
export async function fetchView({ number, customer }: Selection): Promise<EmulatorView> {
  const query = new URLSearchParams({ ...(number !== undefined && { number }), ...(customer !== undefined && { customer }) });
  const response = await fetch(`/emulator/view?${query.toString()}`);
  // Our own server answers it.
  return (await response.json()) as EmulatorView;
}

/** Fetches the JSON of a webhook request. */
export async function fetchDelivery(id: number): Promise<string> {
  const response = await fetch(`/emulator/deliveries/${String(id)}`);
  const text = await response.text();
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Does something; resolves with what is wrong with it, if anything. */
export async function act(action: EmulatorAction): Promise<string | undefined> {
  try {
    const response = await fetch('/emulator/actions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
    return response.ok ? undefined : await response.text();
  } catch {
    return 'The emulator does not answer. Is it still running?';
  }
}

/** Calls `listener` whenever something has changed. */
export function onChange(listener: () => void): () => void {
  const source = new EventSource('/emulator/changes');
  source.addEventListener('change', listener);
  source.addEventListener('open', listener);
  return () => {
    source.close();
  };
}
