import type { FakeCloudApi } from '../fake/fake-cloud-api.js';
import type { FakeRequestRecord } from '../fake/fake-request.js';

/** How many messages of a number the fake accepted, and how many it throttled. */
export interface MessageCounts {
  readonly accepted: number;
  readonly throttled: number;
}

/** Counts the messages of each number, from the stored ones on. */
export function createMessageCounts(fake: FakeCloudApi): {
  readonly of: (number: string) => MessageCounts;
  readonly note: (request: FakeRequestRecord) => void;
} {
  const counts = new Map<string, { accepted: number; throttled: number }>();
  const of = (number: string): { accepted: number; throttled: number } => {
    const known = counts.get(number) ?? { accepted: 0, throttled: 0 };
    counts.set(number, known);
    return known;
  };
  for (const { phoneNumberId } of fake.sent) of(phoneNumberId).accepted += 1;
  return {
    of,
    note({ method, path, body, status, errorCode }) {
      const [number = '', edge = ''] = path.split('/');
      const isMessage = method === 'POST' && /^(?:marketing_)?messages$/.test(edge) && body.status === undefined;
      if (isMessage && errorCode === 130429) of(number).throttled += 1;
      if (isMessage && status === 200) of(number).accepted += 1;
    },
  };
}
