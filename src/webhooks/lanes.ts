/** Where a task queues. */
export interface LanePlace {
  /** Tasks of one lane run one after the other, in the order in which they came. */
  readonly lane: string;
  /** Lanes share a number of places with those of their own group, and none with another's. */
  readonly group: string;
}

/** Runs tasks in lanes: in order within a lane, at once across lanes, and never more of one group than a number of them. */
export interface Lanes {
  /** Queues a task; resolves or rejects as it does. */
  run<Result>(place: LanePlace, task: () => Promise<Result>): Promise<Result>;
}

interface Group {
  running: number;
  /** Lanes with a task to run and none running. */
  readonly ready: Lane[];
}

interface Lane {
  readonly place: LanePlace;
  readonly group: Group;
  /** Each lets its lane go once it is over. */
  readonly tasks: (() => void)[];
}

/** Makes {@link Lanes} of which at most `mostOfGroup` tasks of a group run at once. */
export function createLanes(mostOfGroup: number): Lanes {
  const groups = new Map<string, Group>();
  const lanes = new Map<string, Lane>();

  const groupOf = (name: string): Group => {
    const known = groups.get(name);
    if (known) return known;
    const group: Group = { running: 0, ready: [] };
    groups.set(name, group);
    return group;
  };
  const letGo = (lane: Lane): void => {
    const { place, group, tasks } = lane;
    group.running -= 1;
    if (tasks.length > 0) group.ready.push(lane);
    else lanes.delete(place.lane);
    const task = group.ready.shift()?.tasks.shift();
    if (task) {
      group.running += 1;
      task();
    } else if (group.running === 0) {
      groups.delete(place.group);
    }
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
      const lane: Lane = busy ?? { place, group: groupOf(place.group), tasks: [] };
      if (!busy) {
        lanes.set(place.lane, lane);
        // If a place is free, no entry waits, so this one doesn't overtake any.
        if (lane.group.running < mostOfGroup) {
          lane.group.running += 1;
          return runIn(lane, task);
        }
        lane.group.ready.push(lane);
      }
      return new Promise((resolve) => {
        lane.tasks.push(() => {
          resolve(runIn(lane, task));
        });
      });
    },
  };
}
