import type { EmulatorAction, EmulatorView, LogDetails, LogPage } from '../view.js';

/** The selected number and customer. */
export interface Selection {
  readonly number?: string;
  readonly customer?: string;
}

/** The result of an action. */
export type ActionResult = { readonly outcome: 'done'; readonly value: unknown } | { readonly outcome: 'failed'; readonly problem: string };

/** Runs an action, and returns whether it succeeded. */
export type Act = (action: EmulatorAction) => Promise<boolean>;

/** Selects entries of the log. */
export interface LogFilter {
  readonly kind: 'all' | 'request' | 'delivery';
  readonly problemsOnly: boolean;
  readonly text: string;
}

/** Fetches what the page shows. */
export async function fetchView({ number, customer }: Selection): Promise<EmulatorView> {
  const query = new URLSearchParams({ ...(number !== undefined && { number }), ...(customer !== undefined && { customer }) });
  return (await getJson(`/emulator/view?${query.toString()}`)) as EmulatorView;
}

/** Fetches a page of the log. */
export async function fetchLog({ kind, problemsOnly, text }: LogFilter, before?: number): Promise<LogPage> {
  const query = new URLSearchParams({
    ...(kind !== 'all' && { kind }),
    ...(problemsOnly && { problems: '1' }),
    ...(text !== '' && { text }),
    ...(before !== undefined && { before: String(before) }),
  });
  return (await getJson(`/emulator/log?${query.toString()}`)) as LogPage;
}

/** Fetches the bodies of a log entry. */
export async function fetchDetails(position: number): Promise<LogDetails> {
  return (await getJson(`/emulator/log/${String(position)}`)) as LogDetails;
}

/** Runs an action. */
export async function runAction(action: EmulatorAction): Promise<ActionResult> {
  try {
    const response = await fetch('/emulator/actions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
    if (!response.ok) return { outcome: 'failed', problem: await response.text() };
    return { outcome: 'done', value: await response.json() };
  } catch {
    return { outcome: 'failed', problem: 'The emulator does not respond. Check that it is still running.' };
  }
}

/** Calls `listener` after each change. */
export function onChange(listener: () => void): () => void {
  const source = new EventSource('/emulator/changes');
  source.addEventListener('change', listener);
  source.addEventListener('open', listener);
  return () => {
    source.close();
  };
}

/** The emulator's own server responds, so callers know the shape. */
async function getJson(path: string): Promise<unknown> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
