import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replay } from '../../src/cli/replay.js';
import { runCommand } from '../../src/cli/run-command.js';
import { fakeClock } from '../../src/testing/fake-clock.js';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const secret = 'an-app-secret';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
const received: Received[] = [];
let answer: (request: Received) => { status: number; text?: string; headers?: Record<string, string> } | 'hang' | 'hang up' = () => ({
  status: 200,
});
let mostAtOnce = 0;
let atOnce = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  atOnce += 1;
  mostAtOnce = Math.max(mostAtOnce, atOnce);
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    // Delayed by one turn of the event loop, so that concurrent requests overlap.
    setImmediate(() => {
      atOnce -= 1;
      const delivery = { headers: request.headers, body: Buffer.concat(chunks) };
      received.push(delivery);
      const wanted = answer(delivery);
      if (wanted === 'hang') return;
      if (wanted === 'hang up') request.socket.destroy();
      else response.writeHead(wanted.status, wanted.headers).end(wanted.text);
    });
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

let place = '';
let runs = 0;
beforeEach(() => {
  place = join(folder, String((runs += 1)));
  mkdirSync(place);
});
afterEach(() => {
  received.length = 0;
  answer = () => ({ status: 200 });
  mostAtOnce = 0;
  atOnce = 0;
  env = {};
});
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(place, name), content);
  return join(place, name);
};
const payload = (id: string): string => JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id, changes: [] }] });
const idOf = ({ body }: Received): string => (JSON.parse(body.toString('utf8')) as { entry: [{ id: string }] }).entry[0].id;

/** The command, as `main.ts` runs it. */
let env: Record<string, string> = {};

async function wa(...args: string[]): Promise<{ code: number; lines: string[]; errors: string }> {
  const lines: string[] = [];
  const errors: string[] = [];
  const code = await runCommand(args, {
    write: (line) => lines.push(line),
    writeError: (line) => errors.push(line),
    fetch,
    env,
    signal: new AbortController().signal,
  });
  return { code, lines, errors: errors.join('\n') };
}

describe('the deliveries that replay sends', () => {
  test('contain the file byte for byte, signed, including accents, escapes, spaces and line ends', async () => {
    const contents = [
      '{"text":"é ü 漢 😀"}',
      '{"text":"\\u00e9 \\/ \\ud83d\\ude00 \\ud83d"}',
      '  {\r\n\t"entry" : [ ]\r\n}\r\n\n',
      '{"big":12345678901234567890,"same":1,"same":2}',
    ];
    const files = contents.map((content, index) => file(`${index}.json`, content));
    const { code, lines } = await wa('replay', ...files, '--to', to, '--secret', secret);
    expect(code).toBe(0);
    expect(received.map(({ body }) => body.toString('utf8'))).toEqual(contents);
    for (const { headers, body } of received) {
      expect(headers['x-hub-signature-256']).toBe(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
      expect(headers['content-type']).toBe('application/json');
    }
    expect(lines).toEqual([...files.map((name) => `200       ${name}`), '4 returned 200']);
  });

  test('are the .json files of a folder in the order of their names, or the lines of a capture', async () => {
    file('b.json', payload('second'));
    file('a.json', payload('first'));
    file('notes.txt', 'not a payload');
    const capture = file('capture.ndjson', `${payload('third é')}\n\n${payload('fourth')}\r\n   \n${payload('fifth')}`);
    const other = file('other.jsonl', `${payload('sixth')}\n`);
    const { code, lines } = await wa('replay', place, capture, other, '--to', to, '--secret', secret);
    expect(code).toBe(0);
    expect(received.map(idOf)).toEqual(['first', 'second', 'third é', 'fourth', 'fifth', 'sixth']);
    expect(received[3]!.body.toString()).toBe(payload('fourth'));
    expect(lines.slice(2, 5)).toEqual([`200       ${capture}:1`, `200       ${capture}:3`, `200       ${capture}:5`]);
  });

  test('arrive line by line from a capture of many megabytes', async () => {
    const ids = Array.from({ length: 60 }, (_, n) => `${n} ${'é'.repeat(n * 997)}`);
    const capture = file('long.ndjson', ids.map(payload).join('\n'));
    const { code } = await wa('replay', capture, '--to', to, '--secret', secret);
    expect(code).toBe(0);
    expect(received.map(idOf)).toEqual(ids);
  });

  test('wait for each other, unless --concurrency allows more at a time', async () => {
    const capture = file('many.ndjson', Array.from({ length: 30 }, (_, n) => payload(String(n))).join('\n'));
    await wa('replay', capture, '--to', to, '--secret', secret);
    expect([mostAtOnce, received.length]).toEqual([1, 30]);
    received.length = 0;
    await wa('replay', capture, '--to', to, '--secret', secret, '--concurrency', '4');
    expect(mostAtOnce).toBeGreaterThan(1);
    expect(mostAtOnce).toBeLessThanOrEqual(4);
    expect(
      received
        .map(idOf)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 30 }, (_, n) => n));
  });
});

describe('failures of replay', () => {
  test('a malformed or missing file is reported with the reason, and the other files are sent', async () => {
    const files = [
      file('good.json', payload('good')),
      file('cut.json', '{"entry": ['),
      join(place, 'missing.json'),
      file('latin1.json', Buffer.from('{"text":"\xe9"}', 'latin1')),
      file('marked.json', `\ufeff${payload('marked')}`),
      file('empty.json', ''),
      file('empty.ndjson', '\n \n'),
      file('half.ndjson', `${payload('line one')}\nbroken\n${payload('line three')}`),
      file('last.json', payload('last')),
    ];
    mkdirSync(join(place, 'bare'));
    const { code, lines } = await wa('replay', ...files, join(place, 'bare'), '--to', to, '--secret', secret);
    expect(code).toBe(1);
    expect(received.map(idOf)).toEqual(['good', 'line one', 'line three', 'last']);
    const told = lines.map((line) => line.replaceAll(`${place}/`, ''));
    expect(told).toEqual([
      '200       good.json',
      expect.stringMatching(/^not sent {2}cut\.json: not JSON: /),
      'not sent  missing.json: there is no such file or folder',
      'not sent  latin1.json: not UTF-8 text',
      'not sent  marked.json: it begins with a byte order mark, which JSON does not allow',
      expect.stringMatching(/^not sent {2}empty\.json: not JSON: /),
      'not sent  empty.ndjson: the capture has no payload',
      '200       half.ndjson:1',
      expect.stringMatching(/^not sent {2}half\.ndjson:2: not JSON: /),
      '200       half.ndjson:3',
      '200       last.json',
      'not sent  bare: the folder has no .json file',
      '4 returned 200, 8 not sent',
    ]);
  });

  test('a response other than 200 is reported with its body, on one line', async () => {
    const answers: Record<string, ReturnType<typeof answer>> = {
      forged: { status: 401, text: 'signature\r\n\u001b[31mdoes not match' },
      moved: { status: 302, headers: { location: to } },
      made: { status: 201 },
      long: { status: 500, text: 'x'.repeat(5_000) },
    };
    answer = (request) => answers[idOf(request)] ?? { status: 200 };
    const files = [...Object.keys(answers), 'good'].map((id) => file(`${id}.json`, payload(id)));
    const { code, lines } = await wa('replay', ...files, '--to', to, '--secret', secret);
    expect(code).toBe(1);
    expect(received).toHaveLength(5);
    expect(lines.map((line) => line.replaceAll(`${place}/`, ''))).toEqual([
      '401       forged.json: signature [31mdoes not match',
      '302       moved.json',
      '201       made.json',
      `500       long.json: ${'x'.repeat(200)}`,
      '200       good.json',
      '-> 401: the secret differs from the appSecret of the receiver, or a proxy or body parser changed the body.',
      '1 returned 200, 4 returned another status',
    ]);
  });

  test('a receiver that is down or hangs up is reported, and the other deliveries are sent', async () => {
    answer = (request) => (idOf(request) === 'rude' ? 'hang up' : { status: 200 });
    const files = ['rude', 'kind'].map((id) => file(`${id}.json`, payload(id)));
    const rude = await wa('replay', ...files, '--to', to, '--secret', secret);
    expect(rude.code).toBe(1);
    expect(rude.lines[0]).toMatch(/^no response .*rude\.json: the receiver closed the connection \(http:/);
    expect(rude.lines.at(-1)).toBe('1 returned 200, 1 without a response');

    const unused = createServer();
    await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve));
    const { port } = unused.address() as AddressInfo;
    await new Promise((resolve) => unused.close(resolve));
    const absent = await wa('replay', ...files, '--to', `http://127.0.0.1:${port}/`, '--secret', secret);
    expect(absent.code).toBe(1);
    expect(absent.lines).toEqual([
      expect.stringMatching(/rude\.json: the connection was refused\. Check that the receiver is running/),
      expect.stringMatching(/kind\.json: the connection was refused\. Check that the receiver is running/),
      '0 returned 200, 2 without a response',
    ]);
  });

  test('a receiver without a response times out after 30 seconds', async () => {
    const clock = fakeClock();
    answer = (request) => (idOf(request) === 'slow' ? 'hang' : { status: 200 });
    const files = ['slow', 'quick'].map((id) => file(`${id}.json`, payload(id)));
    const lines: string[] = [];
    const running = replay({ files, to, secret, write: (line) => lines.push(line), fetch, clock });
    while (received.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(29_999);
    expect(lines).toEqual([]);
    await clock.advance(1);
    expect(await running).toEqual({ accepted: 1, rejected: 0, unanswered: 1, unreadable: 0 });
    expect(lines[0]).toMatch(/^no response .*slow\.json: no response within 30 seconds/);
  });

  test('the output never contains the secret', async () => {
    answer = () => ({ status: 401, text: 'no' });
    const { lines, errors } = await wa('replay', file('a.json', payload('a')), 'missing', '--to', to, '--secret', secret);
    expect([...lines, errors].join('\n')).not.toContain(secret);
  });
});

describe('the command line', () => {
  test.each([[['--help']], [['-h']], [['help']]])('wa-coexist %j lists the commands', async (args) => {
    const { code, lines } = await wa(...args);
    expect(code).toBe(0);
    expect(lines.join('\n')).toMatch(/Usage: wa-coexist COMMAND[\s\S]*replay +signs webhook payload files/);
  });

  test.each([[['replay', '--help']], [['replay', '-h', 'x.json']], [['help', 'replay']]])('wa-coexist %j explains replay', async (args) => {
    const { code, lines } = await wa(...args);
    expect(code).toBe(0);
    expect(lines.join('\n')).toMatch(/Usage: wa-coexist replay FILES… --to URL \[--secret SECRET\]/);
    expect(received).toEqual([]);
  });

  test('a missing or unknown command prints the list of commands', async () => {
    expect(await wa()).toMatchObject({ code: 2, lines: [], errors: expect.stringContaining('Usage: wa-coexist COMMAND') as string });
    expect(await wa('replya')).toMatchObject({ code: 2, errors: expect.stringMatching(/no command "replya"[\s\S]*replay/) as string });
  });

  test.each([[['--version']], [['-v']]])('wa-coexist %j prints the version', async (args) => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await wa(...args)).toEqual({ code: 0, lines: [version], errors: '' });
  });

  test('the app secret is read from a file or the environment, and the environment takes precedence', async () => {
    const a = file('a.json', payload('a'));
    const sign = (key: string): string => `sha256=${createHmac('sha256', key).update(payload('a')).digest('hex')}`;
    const envFile = file('local.env', "WHATSAPP_APP_SECRET='of the file'\n");
    env = { WHATSAPP_APP_SECRET: '' };
    expect(await wa('replay', a, '--to', to, '--env-file', envFile)).toMatchObject({ code: 0 });
    expect(await wa('replay', `--env-file=${envFile}`, a, '--to', to)).toMatchObject({ code: 0 });
    env = { WHATSAPP_APP_SECRET: secret };
    expect(await wa('replay', a, '--to', to, '--env-file', envFile)).toMatchObject({ code: 0 });
    expect(received.map(({ headers }) => headers['x-hub-signature-256'])).toEqual([sign('of the file'), sign('of the file'), sign(secret)]);
  });

  test.each([[['--env-file']], [['--env-file=']], [['--env-file', '/nonexistent/.env']]])(
    '%j without a readable file is an error',
    async (args) => {
      expect(await wa('replay', 'a.json', '--to', to, ...args)).toMatchObject({
        code: 2,
        errors: expect.stringContaining('--env-file') as string,
      });
      expect(received).toEqual([]);
    },
  );

  test.each<[RegExp, string[]]>([
    [/FILES are missing/, ['--to', to, '--secret', secret]],
    [/--to is missing/, ['a.json', '--secret', secret]],
    [/--to is no http or https URL/, ['a.json', '--to', 'localhost:3000', '--secret', secret]],
    [/--to is no http/, ['a.json', '--to', 'nonsense', '--secret', secret]],
    [/the app secret of the receiver is missing/, ['a.json', '--to', to]],
    [/the app secret is empty/, ['a.json', '--to', to, '--secret', '']],
    [/--concurrency "0"/, ['a.json', '--to', to, '--secret', secret, '--concurrency', '0']],
    [/--concurrency "many"/, ['a.json', '--to', to, '--secret', secret, '--concurrency', 'many']],
    [/Unknown option '--sekret'/, ['a.json', '--to', to, '--sekret', secret]],
  ])('%s: prints the usage and sends nothing', async (problem, args) => {
    const { code, errors, lines } = await wa('replay', ...args);
    expect(code).toBe(2);
    expect(errors).toMatch(problem);
    expect(errors).toContain('Usage: wa-coexist replay');
    expect([lines, received]).toEqual([[], []]);
  });
});
