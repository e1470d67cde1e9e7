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
  /** None of them rejects: whoever queued it is told. */
  readonly tasks: (() => Promise<void>)[];
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
      const lane = takeReady();
      const task = lane?.tasks.shift();
      if (!lane || !task) return;
      running += 1;
      void task().then(() => {
        running -= 1;
        if (lane.tasks.length > 0) makeReady(lane);
        else lanes.delete(lane.name);
        pump();
      });
    }
  };

  return {
    run: (place, task) =>
      new Promise((resolve, reject) => {
        const run = (): Promise<void> => task().then(resolve, reject);
        const lane = lanes.get(place.lane);
        if (lane) {
          lane.tasks.push(run);
          return;
        }
        const fresh: Lane = { name: place.lane, group: place.group, tasks: [run] };
        lanes.set(place.lane, fresh);
        makeReady(fresh);
        pump();
      }),
  };
}
