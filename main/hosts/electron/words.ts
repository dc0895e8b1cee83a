// Every word this host shows or prints by itself; the screens have theirs in the window.

export const NAME = 'Countersign';

/** The product runs on this major; an older one comes from the test script and is labelled wherever it shows. */
export const PRODUCT_MAJOR = 45;

/** Undefined on a runtime of the product. */
export const runtimeLabel = (electron: string): string | undefined =>
  Number.parseInt(electron, 10) < PRODUCT_MAJOR
    ? `test runtime, Electron ${electron}: out of support, not for real use`
    : undefined;

/** What must stand wherever the app shows itself; undefined where there is nothing to say. */
export const labels = (...all: readonly (string | undefined)[]): string | undefined => {
  const there = all.filter((label) => label !== undefined);
  return there.length === 0 ? undefined : there.join('; ');
};

export const title = (...labels: readonly (string | undefined)[]): string =>
  [NAME, ...labels.filter((label) => label !== undefined)].join(' - ');

export const running = (version: string): string => `${NAME} ${version} is running in the tray.`;
export const runtime = (label: string): string => `Runtime:  ${label}`;
export const launcher = (path: string): string => `Command:  ${path}`;
export const state = (root: string): string => `State:    ${root}`;
export const keys = (protection: string): string => `Keys:     ${protection}`;
export const RAISED = `${NAME} is running already; its window is asked to come forward.`;

export const lockedLabel = (switches: readonly string[]): string =>
  `locked: started with ${switches.join(', ')}`;
export const lockedSentence = (switches: readonly string[]): string =>
  `${NAME} was started with ${switches.join(', ')}, which lets another program drive it: nothing can be signed until a start without`;

export const NOT_STARTED = `${NAME} did not start`;

export const menu = {
  open: `Open ${NAME}`,
  waiting: (count: number): string =>
    count === 0 ? 'No request waits' : count === 1 ? '1 request waits' : `${count} requests wait`,
  more: (count: number): string => `and ${count} more`,
  setUp: 'Set up on first run',
  unlock: 'Unlock...',
  lock: 'Lock now',
  test: 'Send a test notification',
  login: 'Start at login',
  quit: `Quit ${NAME}`,
};

export const connection = {
  absent: 'Not set up yet',
  starting: 'Connecting',
  online: 'Connected',
  exposed: 'Connected, not encrypted: others can read along',
  offline: 'Offline: requests cannot arrive',
  stranger: 'Refused: the broker is not the one in the keyring',
  alarm: 'ALARM: the log and this copy disagree, nothing may be approved',
};
