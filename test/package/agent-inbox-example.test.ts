import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startEmulator } from '../browser/start-emulator.js';
import { postgresThere, startPostgres } from '../stores/postgres/server.js';
import { redisInstalled, startRedis } from '../stores/redis/server.js';
import { startDemo, startProcess, type RunningDemo } from './agent-inbox-demo.js';

if (!postgresThere || !redisInstalled)
  console.log('Left out: the agent inbox on real services, because there is no PostgreSQL or no Redis here.');

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = join(root, 'examples/agent-inbox');

/** Copies the example like a team would, with only the packages of its package.json. */
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

/** Reads the live stream. */
async function* liveEvents(url: string, init: RequestInit): AsyncGenerator<LiveEvent, void, undefined> {
  const { body, headers } = await fetch(url, init);
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

/** Reads events until one contains a message. */
async function untilMessage(
  events: AsyncGenerator<LiveEvent, void, undefined>,
  expected: Readonly<Record<string, string>>,
): Promise<LiveEvent> {
  for (;;) {
    const { value } = await events.next();
    if (!value) throw new Error('The stream ended.');
    const isExpected = (message: object): boolean => Object.entries(expected).every(([name, text]) => Reflect.get(message, name) === text);
    if (value.messages?.some(isExpected)) return value;
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
    // `demo` is missing if it didn't start.
    await (demo as RunningDemo | undefined)?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test('streams the messages of both sides and their statuses as server-sent events', async () => {
    const stop = new AbortController();
    const events = liveEvents(`${demo.url}/api/numbers/${number}/events`, { signal: stop.signal });
    const next = (author: string, text: string, status?: string) =>
      untilMessage(events, { author, text, ...(status !== undefined && { status }) });
    expect((await events.next()).value).toEqual({ type: 'ready' });

    await demo.act({ do: 'customer.send', number, customer: '15550100988', text: 'Do you have oat milk?' });
    expect((await next('customer', 'Do you have oat milk?')).thread).toMatchObject({ title: 'Jonas Weber' });
    const replied = await next('api', 'Thank you for your message. A person will reply soon.');
    expect(replied.thread).toMatchObject({ unread: 0, assignee: 'bot' });
    await demo.act({ do: 'phone.send', number, customer: '15550100988', text: 'We do.' });
    await next('app', 'We do.');

    const headers = { 'content-type': 'application/json', origin: demo.url };
    const thread = `${demo.url}/api/numbers/${number}/threads/${replied.thread?.id ?? ''}`;
    const assigned = await fetch(`${thread}/assignee`, { method: 'PUT', headers, body: '{"assignee":"person"}' });
    expect(await assigned.json()).toMatchObject({ assignee: 'person', person: 'Agent' });
    await demo.act({ do: 'customer.send', number, customer: '15550100988', text: 'Great' });
    // Meta's times are in seconds, so the reply of the phone can count as later than this message.
    expect((await next('customer', 'Great')).thread).toMatchObject({ assignee: 'person' });
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

  test.runIf(postgresThere && redisInstalled)(
    'two processes on PostgreSQL and Redis share everything, and agents log in',
    async () => {
      const [postgres, redis, emulator] = await Promise.all([startPostgres(), startRedis(), startEmulator()]);
      const { host, port, user, database } = postgres.options;
      const env = { ...emulator.env, DATABASE_URL: `postgres://${user}@${host}:${String(port)}/${database}`, REDIS_URL: redis.url };
      const processes = await Promise.all([startProcess(folder, env), startProcess(folder, env)]);
      const stop = new AbortController();
      try {
        const [receiving, other] = processes;
        await emulator.act({ do: 'receiver.set', url: `${receiving.url}/webhook` });
        const own = emulator.env['WHATSAPP_PHONE_NUMBER_ID'] ?? '';
        const api = `${other.url}/api/numbers/${own}`;
        expect((await fetch(`${other.url}/api/numbers`)).status).toBe(401);
        const authorization = `Basic ${btoa('ida:rye-bread')}`;
        const events = liveEvents(`${api}/events`, { signal: stop.signal, headers: { authorization } });
        await events.next();
        await emulator.act({ do: 'customer.send', number: own, customer: '15550100987', text: 'When do you open?' });
        await untilMessage(events, { author: 'customer', text: 'When do you open?' });
        const { thread } = await untilMessage(events, { author: 'api', text: 'We are open from 7 to 18, and on Sunday from 8 to 12.' });

        const headers = { authorization, origin: other.url, 'content-type': 'application/json' };
        const post = async (path: string, body: object): Promise<unknown> =>
          (await fetch(`${api}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
        const path = `threads/${thread?.id ?? ''}/messages`;
        // Sends the same key twice, as after a lost response.
        expect(await post(path, { text: 'See you at 7.', key: 'one' })).toEqual({ outcome: 'accepted' });
        expect(await post(path, { text: 'See you at 7.', key: 'one' })).toEqual({ outcome: 'accepted' });
        await untilMessage(events, { author: 'api', text: 'See you at 7.', status: 'delivered' });
        const recipients = Array.from({ length: 20 }, (_, index) => String(15550201000 + index)).join('\n');
        await post('campaigns', { name: 'Hello', template: 'hello_world', language: 'en_US', recipients });
        await vi.waitFor(async () => {
          const response = await fetch(`${receiving.url}/api/numbers/${own}/campaigns`, { headers: { authorization } });
          expect(await response.json()).toMatchObject([{ name: 'Hello', createdBy: 'ida', state: 'done', accepted: 20 }]);
        }, 60_000);
        const { items } = (await (await fetch(`${api}/${path}`, { headers })).json()) as { items: { text: string }[] };
        expect(items.filter(({ text }) => text === 'See you at 7.')).toHaveLength(1);
      } finally {
        stop.abort();
        await Promise.all(processes.map((running) => running[Symbol.asyncDispose]()));
        await Promise.all([emulator.end(), redis.stop()]);
        postgres.stop();
      }
    },
    180_000,
  );
});
