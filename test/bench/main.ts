import { reaches, targetText, type Figure, type Measurement } from './harness/figure.ts';
import { figure as historyParse } from './history-parse.ts';
import { figure as textFetch } from './text-fetch.ts';

const figures: readonly Figure[] = [historyParse, textFetch];

for (const figure of figures) {
  const m: Measurement = await figure.run();
  console.log(figure.name, targetText(figure.target, m.unit), m.value.toFixed(2), reaches(m.value, figure.target), m.details);
}
