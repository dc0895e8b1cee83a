// What `npm start` prints: a few calm lines. An address with a token is in them only where a person reads them.

import type { NotOpened } from './open-page.ts';

export const running = (version: string): string =>
  `Countersign ${version} is running. Ctrl-C stops it.`;
export const state = (root: string): string => `State:    ${root}`;
export const launcher = (path: string): string => `Command:  ${path}`;
export const OPENED = 'Window:   open in your browser. Start again for another one.';
export const RAISED = 'Countersign is running already; its page is asked to come forward.';
export const REOPENED = 'Countersign is running already; its page is opened again.';
export const RUNNING_ALREADY = 'Countersign is running already.';

const WHY: Readonly<Record<NotOpened, string>> = {
  asked: 'COUNTERSIGN_NO_OPEN is set',
  root: 'no browser is started as root',
  noScreen: 'there is no screen here',
  noOpener: 'no browser could be started',
};

/** `address` carries a token. */
export const openYourself = (address: string, why: NotOpened | undefined): string =>
  why === undefined
    ? `Window:   ${address} (works once, for 60 s)`
    : `Window:   ${address} (works once, for 60 s; ${WHY[why]})`;

export const bare = (address: string, why: NotOpened | undefined): string =>
  `Window:   ${address}${why === undefined ? '' : ` (${WHY[why]})`}; start again from a terminal for an address that lets you in`;

export const tunnel = (port: number, account: string, host: string): string =>
  `From elsewhere: ssh -L ${port}:127.0.0.1:${port} ${account}@${host}`;
