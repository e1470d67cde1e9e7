import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDemo, type RunningDemo } from './agent-inbox-demo.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = join(root, 'examples/agent-inbox');

/** Copies the example as a team does, with the packages of its package.json and no others. */
function copyExample(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agent-inbox-'));
  cpSync(example, folder, { recursive: true, filter: (path) => !/agent-inbox\/(node_modules|dist)$/.test(path) });
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(example, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  for (const name of [...Object.keys(dependencies), ...Object.keys(devDependencies)]) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(name === 'wa-coexist' ? root : join(root, 'node_modules', name), link, 'junction');
  }
  return folder;
}

/** An event of the live stream. */
interface LiveEvent {
  readonly type: string;
  readonly thread?: { readonly id: string; readonly title: string; readonly unread: number; readonly assignee: string };
  readonly messages?: readonly { readonly author: string; readonly text: string; readonly status: string | null }[];
}

/** Reads the live stream until an event matches. */
async function* liveEvents(url: string, signal: AbortSignal): AsyncGenerator<LiveEvent, void, undefined> {
  const { body, headers } = await fetch(url, { signal });
  expect(headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (data !== undefined) yield JSON.parse(data) as LiveEvent;
    }
  }
}

describe('a copy of the agent inbox', () => {
  let folder = '';
  let demo: RunningDemo;
  let number = '';
  beforeAll(async () => {
    folder = copyExample();
    demo = await startDemo(folder);
    const [own] = (await (await fetch(`${demo.url}/api/numbers`)).json()) as { phoneNumberId: string }[];
    number = own?.phoneNumberId ?? '';
  }, 180_000);
  afterAll(async () => {
    // It is missing if the demo did not start.
    await (demo as RunningDemo | undefined)?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test('streams the messages of both sides and their statuses as server-sent events', async () => {
    const stop = new AbortController();
    const events = liveEvents(`${demo.url}/api/numbers/${number}/events`, stop.signal);
    const next = async (author: string, text: string, status: string | null = null): Promise<LiveEvent> => {
      for await (const event of { [Symbol.asyncIterator]: () => ({ next: () => events.next() }) }) {
        if (
          event.messages?.some(
            (message) => message.author === author && message.text === text && (status === null || message.status === status),
          )
        )
          return event;
      }
      throw new Error('The stream ended.');
    };
    expect((await events.next()).value).toEqual({ type: 'ready' });

    await demo.act({ do: 'customer.send', number, customer: '15550100988', text: 'Do you have oat milk?' });
    expect((await next('customer', 'Do you have oat milk?')).thread).toMatchObject({ title: 'Jonas Weber', unread: 1 });
    const replied = await next('api', 'Thank you for your message. A person will reply soon.');
    expect(replied.thread).toMatchObject({ unread: 0, assignee: 'bot' });
    await demo.act({ do: 'phone.send', number, customer: '15550100988', text: 'We do.' });
    await next('app', 'We do.');

    const headers = { 'content-type': 'application/json', origin: demo.url };
    const thread = `${demo.url}/api/numbers/${number}/threads/${replied.thread?.id ?? ''}`;
    const assigned = await fetch(`${thread}/assignee`, { method: 'PUT', headers, body: '{"assignee":"person"}' });
    expect(await assigned.json()).toMatchObject({ assignee: 'person', person: 'Agent' });
    await demo.act({ do: 'customer.send', number, customer: '15550100988', text: 'Great' });
    expect((await next('customer', 'Great')).thread?.assignee).toBe('person');
    const body = JSON.stringify({ text: 'See you soon.', key: 'one' });
    const reply = await fetch(`${thread}/messages`, { method: 'POST', headers, body });
    expect(reply.status).toBe(201);
    await next('api', 'See you soon.', 'delivered');
    await demo.act({ do: 'customer.read', customer: '15550100988' });
    await next('api', 'See you soon.', 'read');
    stop.abort();
  });

  test('accepts changes only from its own pages, and reports errors with a kind', async () => {
    const post = async (headers: Record<string, string>, body = '{}') => {
      const response = await fetch(`${demo.url}/api/signup`, { method: 'POST', headers, body });
      const { error } = (await response.json()) as { error: { kind: string; message: string } };
      return [response.status, error.kind];
    };
    const json = { 'content-type': 'application/json' };
    expect(await post(json)).toEqual([403, 'wrong-origin']);
    expect(await post({ ...json, origin: 'https://attacker.example' })).toEqual([403, 'wrong-origin']);
    expect(await post({ 'content-type': 'text/plain', origin: demo.url })).toEqual([415, 'not-json']);
    expect(await post({ ...json, origin: demo.url })).toEqual([400, 'request']);
    expect(await post({ ...json, origin: demo.url }, '{"code":"unknown"}')).toEqual([422, 'invalid-parameter']);
    const { status } = await fetch(`${demo.url}/api/numbers/${number}/threads/unknown`);
    expect(status).toBe(404);
  });
});
