import { template } from 'wa-coexist/messages';
import { must, type Terminal } from './terminal.ts';
import type { Summary } from './summary.ts';
import type { World } from './world.ts';

const campaignSize = 200;

/** 200 templates to 200 people, at the 20 a second that Meta allows a coexistence number and not one more. */
export async function campaign(
  { fake, shop, sender }: World,
  screen: Terminal,
): Promise<Pick<Summary, 'sent' | 'rejected' | 'unknown' | 'throttled' | 'maxInOneSecond'>> {
  screen.heading('4  Campaign');
  const throttledBefore = sender.stats().throttled;
  const source = Array.from({ length: campaignSize }, (_, index) => ({
    key: `spring-sale/${index}`,
    message: { to: `1555020${String(index).padStart(4, '0')}`, ...template('hello_world', 'en_US') },
  }));
  const result = await sender.sendAll(source, {
    onProgress: ({ done, total = campaignSize, perSecond, leftMs }) => {
      screen.bar(
        'campaign',
        done,
        total,
        `${perSecond.toFixed(1)} a second${leftMs === undefined ? '' : `, ${Math.ceil(leftMs / 1000)} s left`}`,
      );
    },
  });
  screen.endBar();
  const maxInOneSecond = fake.maxInOneSecond(shop.phoneNumberId);
  must('Campaign', result.accepted === campaignSize, `${result.accepted} of ${campaignSize} messages were accepted`);
  must('Campaign', maxInOneSecond <= 20, `${maxInOneSecond} messages were accepted in one second`);
  screen.line(`${result.accepted} accepted in ${(result.elapsedMs / 1000).toFixed(1)} s, at most ${maxInOneSecond} in any one second`);
  return {
    sent: result.accepted,
    rejected: result.rejected,
    unknown: result.unknown,
    throttled: sender.stats().throttled - throttledBefore,
    maxInOneSecond,
  };
}
