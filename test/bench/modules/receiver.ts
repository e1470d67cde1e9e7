/** Handles mixed webhooks from the inbox of a SQLite store, with or without the coexistence modules and the mirror. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import { createClient, createCoexistence, silentLogger } from 'wa-coexist';
import { sqliteMirror, sqliteStore } from 'wa-coexist/sqlite';
import { createWebhooks } from 'wa-coexist/webhooks';
import { appSecret, requestOf } from '../harness/deliveries.ts';
import { mixedWebhook } from './mixed-webhooks.ts';

const [parts = '', count = '0'] = process.argv.slice(2);
/** Number of requests that Meta sends at the same time. */
const concurrency = 50;
const total = Number(count);
const folder = await mkdtemp(join(tmpdir(), 'wa-coexist-bench-'));
const file = join(folder, 'state.db');
const store = sqliteStore(file);
const webhooks = createWebhooks({ appSecret, verifyToken: 'verify-token', mode: 'inbox', store, logger: silentLogger });
if (parts !== 'receiver') {
  const client = createClient({ accessToken: 'token', logger: silentLogger });
  createCoexistence({ client, webhooks, store, saveToken: () => undefined, logger: silentLogger, costs: { keepMs: 30 * 86_400_000 } });
}
if (parts === 'all') webhooks.on('*', sqliteMirror(file).handle);
let handled = 0;
let finish = (): void => undefined;
const finished = new Promise<void>((resolve) => {
  finish = resolve;
});
webhooks.on('*', () => {
  handled += 1;
  if (handled === total) finish();
});

const loopDelay = createHistogram();
const sampleEveryMs = 5;
/** Measures the delays of a timer. Node's own monitor also counts the time for which it was disabled. */
function watchLoop(): () => void {
  let dueAtMs = performance.now() + sampleEveryMs;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    loopDelay.record(Math.max(1, Math.round((nowMs - dueAtMs) * 1e6)));
    dueAtMs = nowMs + sampleEveryMs;
  }, sampleEveryMs);
  return () => {
    clearInterval(timer);
  };
}
let cpuMs = 0;
let next = 0;
/** Creates the requests in batches, so that signing doesn't count. */
const portion = 1_000;
const startedMs = performance.now();
while (next < total) {
  const requests = Array.from({ length: Math.min(portion, total - next) }, () => requestOf(mixedWebhook(next++)));
  const before = process.cpuUsage();
  const stopWatching = watchLoop();
  const senders = Array.from({ length: concurrency }, async () => {
    for (let request = requests.pop(); request; request = requests.pop()) {
      const { status } = await webhooks.fetch(request);
      if (status !== 200) throw new Error(`Status ${String(status)}`);
    }
  });
  await Promise.all(senders);
  if (next === total) await finished;
  else while (next - handled > 2 * portion) await new Promise((resolve) => setTimeout(resolve, 2));
  stopWatching();
  const { user, system } = process.cpuUsage(before);
  cpuMs += (user + system) / 1_000;
}
const report = {
  cpuMs: cpuMs / total,
  perSecond: (total * 1_000) / (performance.now() - startedMs),
  loopDelayP99Ms: loopDelay.percentile(99) / 1e6,
  loopDelayMaxMs: loopDelay.max / 1e6,
};
if (process.send) process.send(report, () => process.exit());
else console.log(parts, report);
await rm(folder, { recursive: true, force: true });
process.exit();
