import { pacingFigure } from './pacing/pacing-figure.ts';

export const figure = pacingFigure({
  name: '100 messages at 5 a second, 0 to 50 ms each way',
  cap: 5,
  jitterMs: 50,
  counts: 'accepted',
  messages: 100,
  usedAtLeast: 93,
  refusedAtMost: 1.5,
  onlyInFull: true,
});
