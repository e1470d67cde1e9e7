import type { EmulatorView } from '../view.js';
import { fetchView, type Selection } from './server.js';

/** Asks for the view whenever it is out of date: one request at a time, and one more if something changed meanwhile. */
export function keepLooking(
  selection: Selection,
  onView: (view: EmulatorView) => void,
  onFailure: () => void,
): { readonly again: () => void; readonly end: () => void } {
  let state: 'idle' | 'asking' | 'asking, and out of date' | 'over' = 'idle';
  const ask = (): void => {
    state = 'asking';
    fetchView(selection)
      .then((view) => {
        if (state !== 'over') onView(view);
      })
      .catch(() => {
        if (state !== 'over') onFailure();
      })
      .finally(() => {
        if (state === 'asking, and out of date') ask();
        else if (state === 'asking') state = 'idle';
      });
  };
  return {
    again() {
      if (state === 'idle') ask();
      else if (state === 'asking') state = 'asking, and out of date';
    },
    end() {
      state = 'over';
    },
  };
}
