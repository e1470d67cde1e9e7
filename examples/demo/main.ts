/**
 * The main job of the library, from the sign-up of a coexistence number to its first campaign, against a fake Cloud API on this machine.
 *
 *   npm run demo              with bars, for people
 *   npm run demo -- --json    the summary as one JSON line at the end
 *   npm run demo -- --live    reads your own number at Meta; changes nothing
 */
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';
import { conversation } from './conversation.ts';
import { live } from './live.ts';
import { onboard } from './onboard.ts';
import { summaryLines, type Summary } from './summary.ts';
import { sync } from './sync.ts';
import { FellShort, must, table, terminal } from './terminal.ts';
import { startWorld } from './world.ts';

const { values: flags } = parseArgs({ options: { json: { type: 'boolean', default: false }, live: { type: 'boolean', default: false } } });
const screen = terminal(process.stdout, flags.json);

async function play(): Promise<Summary> {
  const startedAt = performance.now();
  await using world = await startWorld();
  screen.heading('On this machine');
  for (const line of table(Object.entries(world.places))) screen.line(line);

  await onboard(world, screen);
  const synced = await sync(world, screen);
  const talked = await conversation(world, screen);
  const sent = await campaign(world, screen);

  const { phoneNumberId } = world.shop;
  const heartbeat = await world.coexistence.heartbeat.get(phoneNumberId);
  must('Heartbeat', heartbeat !== undefined, 'nothing is known of when the app must be opened');
  const costs = await world.coexistence.costs.report({ phoneNumberIds: [phoneNumberId] });
  must('Costs', costs.app === talked.echoes, `${costs.app} messages of the app were attributed, ${talked.echoes} were written`);
  must(
    'Costs',
    costs.rows.every(({ category }) => category !== 'unknown'),
    'Meta told no price of some messages',
  );
  return {
    ...synced,
    ...talked,
    ...sent,
    duplicatesDropped: world.webhooks.stats().dropped.duplicate,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    costs,
    heartbeatDueAt: heartbeat.dueAt.toISOString(),
  };
}

try {
  if (flags.live) {
    if (!(await live(screen, process.env))) process.exitCode = 1;
  } else {
    const summary = await play();
    screen.heading('Summary');
    for (const line of summaryLines(summary)) screen.line(line);
    if (flags.json) console.log(JSON.stringify(summary));
  }
} catch (error) {
  console.error(error instanceof FellShort ? error.message : error);
  process.exitCode = 1;
}
