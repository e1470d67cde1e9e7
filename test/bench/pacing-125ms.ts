import { pacingFigure } from './pacing/pacing-figure.ts';

export const figure = pacingFigure({
  name: '400 messages at 20 a second, 0 to 125 ms each way',
  cap: 20,
  jitterMs: 125,
  counts: 'accepted',
  messages: 400,
  usedAtLeast: 89,
  refusedAtMost: 1.5,
  onlyInFull: true,
});
