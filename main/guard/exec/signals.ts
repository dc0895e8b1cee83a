// Signals while a command runs. Command and guard share the terminal's foreground group: what the keyboard sends (INT,
// QUIT, TSTP) reaches both by itself, and the guard only has to outlive it. What is sent to the guard's pid alone is
// passed on. Without a terminal no keyboard exists, so INT and QUIT are passed on too.

export type SignalSource = {
  readonly on: (signal: NodeJS.Signals, listener: () => void) => unknown;
  readonly off: (signal: NodeJS.Signals, listener: () => void) => unknown;
};

const KEYBOARD: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

/** `pass` is called for each signal to forward. Returns what puts everything back. */
export function holdSignals(
  source: SignalSource,
  terminal: boolean,
  pass: (signal: NodeJS.Signals) => void,
): () => void {
  const listeners = [...KEYBOARD, ...FORWARDED].map((signal) => {
    const ignored = terminal && KEYBOARD.includes(signal);
    return { signal, listener: () => (ignored ? undefined : pass(signal)) };
  });
  for (const { signal, listener } of listeners) source.on(signal, listener);
  return () => {
    for (const { signal, listener } of listeners) source.off(signal, listener);
  };
}
