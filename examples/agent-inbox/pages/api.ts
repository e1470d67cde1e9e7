import type { ErrorView, LiveEvent, NumberView } from '../src/views.ts';

/** An error of the server. */
export class ApiError extends Error {
  readonly kind: string;
  readonly remedy: string | null;
  /** Whether the server rejected the request. Otherwise, it may have done what the request asked for. */
  readonly isFinal: boolean;

  constructor({ kind, message, remedy }: ErrorView, status = 0) {
    super(message);
    this.kind = kind;
    this.remedy = remedy;
    this.isFinal = status >= 400 && status < 500;
  }
}

/** Calls the server. @throws `ApiError` with the error of the server */
export async function call<Result>(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Result> {
  const response = await fetch(`/api/${path}`, {
    method,
    ...(method !== 'GET' && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }),
  }).catch(() => {
    throw new ApiError({ kind: 'network', message: 'The server cannot be reached.', remedy: 'Try again.' });
  });
  if (response.status === 204) return undefined as Result;
  const json = (await response.json().catch(() => ({}))) as { readonly error?: ErrorView };
  if (!response.ok)
    throw new ApiError(
      json.error ?? { kind: 'internal', message: `The server returned ${String(response.status)}.`, remedy: null },
      response.status,
    );
  // The server and its pages share the types.
  return json as Result;
}

/** Returns an element of the page. */
export function element<Type extends HTMLElement>(selector: string): Type {
  const found = document.querySelector<Type>(selector);
  if (!found) throw new Error(`The page lacks ${selector}.`);
  return found;
}

/** Creates an element. Children are text, never HTML: customers choose names and texts. */
export function create(tag: string, properties: Readonly<Record<string, string>>, ...children: readonly (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Runs an action of the agent. It removes the error of the action before, and shows its own. */
export async function attempt(action: () => Promise<void>): Promise<void> {
  element('.problem').textContent = '';
  await watch(action);
}

/** Runs something that the agent didn't ask for, and shows its error. */
export async function watch(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const { message, kind, remedy } = error instanceof ApiError ? error : { message: String(error), kind: 'page', remedy: null };
    element('.problem').textContent = [`${message} (${kind})`, remedy].filter(Boolean).join('\n');
  }
}

/** Fills the list of numbers, and calls `onChange` for the first and for each selected one. */
export async function chooseNumber(onChange: (phoneNumberId: string) => void): Promise<void> {
  const select = element<HTMLSelectElement>('#number');
  const numbers = await call<readonly NumberView[]>('GET', 'numbers');
  select.replaceChildren(
    ...numbers.map(({ phoneNumberId, verifiedName, displayPhoneNumber }) =>
      create('option', { value: phoneNumberId }, `${verifiedName} ${displayPhoneNumber}`),
    ),
  );
  const wanted = new URLSearchParams(location.search).get('number') ?? localStorage.getItem('number');
  if (wanted !== null && numbers.some(({ phoneNumberId }) => phoneNumberId === wanted)) select.value = wanted;
  const changed = (): void => {
    localStorage.setItem('number', select.value);
    if (select.value !== '') onChange(select.value);
  };
  select.addEventListener('change', changed);
  changed();
}

/** Listens to the live events of a number. The browser connects again if the stream breaks. Returns a function that ends it. */
export function listen(phoneNumberId: string, onEvent: (event: LiveEvent) => void): () => void {
  const status = element('#connection');
  const source = new EventSource(`/api/numbers/${encodeURIComponent(phoneNumberId)}/events`);
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const event = JSON.parse(data) as LiveEvent;
    if (event.type === 'ready') status.textContent = 'Live';
    onEvent(event);
  });
  source.addEventListener('error', () => {
    status.textContent = 'Connecting…';
  });
  return () => {
    source.close();
  };
}

/** Formats a time for people. */
export function formatTime(iso: string | null): string {
  if (iso === null) return '';
  const date = new Date(iso);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString([], isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' });
}
