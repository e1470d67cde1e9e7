/** Where a task queues. */
export interface LanePlace {
  /** Tasks of one lane run one after the other, in the order in which they came. */
  readonly lane: string;
  /** Lanes of different groups take turns. */
  readonly group: string;
}

/** Runs tasks in lanes: in order within a lane, at once across lanes, with turns between groups, and never more than a number of them. */
export interface Lanes {
  /** Queues a task; resolves or rejects as it does. */
  run<Result>(place: LanePlace, task: () => Promise<Result>): Promise<Result>;
}

interface Lane {
  readonly name: string;
  readonly group: string;
  /** Each lets its lane go once it is over. */
  readonly tasks: (() => void)[];
}

/** Makes {@link Lanes} of which at most `most` tasks run at once. A slow task holds up its own lane and one of these places, nothing else. */
export function createLanes(most: number): Lanes {
  const lanes = new Map<string, Lane>();
  /** Lanes with a task to run and none running, by group; the group that was served last stands last. */
  const ready = new Map<string, Lane[]>();
  let running = 0;

  const makeReady = (lane: Lane): void => {
    const waiting = ready.get(lane.group);
    if (waiting) waiting.push(lane);
    else ready.set(lane.group, [lane]);
  };
  const takeReady = (): Lane | undefined => {
    for (const [group, waiting] of ready) {
      const lane = waiting.shift();
      ready.delete(group);
      if (waiting.length > 0) ready.set(group, waiting);
      return lane;
    }
    return undefined;
  };
  const pump = (): void => {
    while (running < most) {
      const task = takeReady()?.tasks.shift();
      if (!task) return;
      running += 1;
      task();
    }
  };
  const letGo = (lane: Lane): void => {
    running -= 1;
    if (lane.tasks.length > 0) makeReady(lane);
    else lanes.delete(lane.name);
    pump();
  };
  const runIn = async <Result>(lane: Lane, task: () => Promise<Result>): Promise<Result> => {
    try {
      return await task();
    } finally {
      letGo(lane);
    }
  };

  return {
    run(place, task) {
      const busy = lanes.get(place.lane);
      const lane: Lane = busy ?? { name: place.lane, group: place.group, tasks: [] };
      if (!busy) {
        lanes.set(place.lane, lane);
        // Nobody waits wherever there is a place left, so this one goes before nobody.
        if (running < most) {
          running += 1;
          return runIn(lane, task);
        }
        makeReady(lane);
      }
      return new Promise((resolve) => {
        lane.tasks.push(() => {
          resolve(runIn(lane, task));
        });
      });
    },
  };
}
