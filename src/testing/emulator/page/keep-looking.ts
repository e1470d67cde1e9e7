/** Fetches a value whenever it is out of date: one request at a time, and one more if something changed meanwhile. */
export function keepLooking<Value>(
  fetchValue: () => Promise<Value>,
  onValue: (value: Value) => void,
  onFailure: () => void,
): { readonly again: () => void; readonly end: () => void } {
  let state: 'idle' | 'asking' | 'asking, and out of date' | 'over' = 'idle';
  const ask = (): void => {
    state = 'asking';
    fetchValue()
      .then((value) => {
        if (state !== 'over') onValue(value);
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
