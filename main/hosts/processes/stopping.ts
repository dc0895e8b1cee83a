// Stops what was started, last first, once: asking again waits for the same end. A part that fails to stop does not keep
// the others from being stopped.

export type Stops = {
  /** Adds what must be stopped before everything added so far. Refused once stopping has begun: it is stopped at once. */
  readonly add: (name: string, stop: () => Promise<void> | void) => void;
  readonly all: () => Promise<void>;
};

export function stopsInReverse(note: (line: string) => void): Stops {
  const stops: { readonly name: string; readonly stop: () => Promise<void> | void }[] = [];
  let stopping: Promise<void> | undefined;
  const one = async (name: string, stop: () => Promise<void> | void): Promise<void> => {
    try {
      await stop();
    } catch (error) {
      note(`${name} did not stop well: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const run = async (): Promise<void> => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) {
      await one(next.name, next.stop);
    }
  };
  return {
    add: (name, stop) => {
      if (stopping === undefined) stops.push({ name, stop });
      else void one(name, stop);
    },
    all: () => (stopping ??= run()),
  };
}
