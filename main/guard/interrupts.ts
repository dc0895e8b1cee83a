// Signals that come before the command is there to get them: the first one is kept, and whoever waits is told to stop.

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export type Interrupt = {
  readonly signal: () => NodeJS.Signals | undefined;
  readonly release: () => void;
};

export function holdInterrupts(
  self: Pick<NodeJS.Process, 'on' | 'off'>,
  withdraw: () => void,
): Interrupt {
  let first: NodeJS.Signals | undefined;
  const listeners = INTERRUPTS.map((signal) => ({
    signal,
    listener: () => {
      first ??= signal;
      withdraw();
    },
  }));
  for (const { signal, listener } of listeners) self.on(signal, listener);
  return {
    signal: () => first,
    release: () => {
      for (const { signal, listener } of listeners) self.off(signal, listener);
    },
  };
}
