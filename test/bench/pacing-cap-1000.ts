import { pacingFigure } from './pacing/pacing-figure.ts';

export const figure = pacingFigure({
  name: '10,000 messages at 1,000 a second, 0 to 50 ms each way, client and server on one core each',
  cap: 1_000,
  jitterMs: 50,
  counts: 'accepted',
  messages: 10_000,
  usedAtLeast: 85,
  refusedAtMost: 1.5,
  onlyInFull: true,
});
