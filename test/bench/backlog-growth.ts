import { createSender } from 'wa-coexist';
import { answeringClient, cpuMsOf, messageOf, noLimit } from './backlog/backlog.ts';
import type { Figure } from './harness/figure.ts';

/** Ten times the messages to as many recipients take about ten times the time: nothing looks through the backlog. */
export const figure: Figure = {
  name: 'CPU for 10⁶ messages to 10⁵ recipients, beside 10⁵ messages',
  target: { atMost: 11 },
  onlyInFull: true,
  async run() {
    const recipients = 100_000;
    const sendMany = (count: number): Promise<number> =>
      cpuMsOf(async () => {
        const sender = createSender({ client: answeringClient(), throughput: noLimit, concurrency: 64 });
        await Promise.all(Array.from({ length: count }, (_, index) => sender.send(messageOf(index, recipients * 10))));
        await sender.close();
      });
    await sendMany(100_000);
    const small = await sendMany(100_000);
    const large = await sendMany(1_000_000);
    return { value: large / small, unit: '×', details: { 'ms for 10⁵': small, 'ms for 10⁶': large } };
  },
};
