/** Counts running work, so that callers can wait until it ends. */
export interface WorkInProgress {
  begin(): void;
  end(): void;
  /** Resolves when all work that was started has ended. */
  over(): Promise<void>;
}

/** Creates a {@link WorkInProgress}. */
export function createWorkInProgress(): WorkInProgress {
  let count = 0;
  const waiting: (() => void)[] = [];
  return {
    begin() {
      count += 1;
    },
    end() {
      count -= 1;
      if (count === 0) for (const tell of waiting.splice(0)) tell();
    },
    over: () =>
      new Promise((resolve) => {
        if (count === 0) resolve();
        else waiting.push(resolve);
      }),
  };
}
