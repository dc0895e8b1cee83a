// `countersign://request/<digest>` opens that request's card. It is a pointer and nothing else: no verb, no parameter, and
// whoever sends one can at most bring our own window forward.

import type { App } from 'electron';

export const LINK_SCHEME = 'countersign';
const LINK = /^countersign:\/\/request\/([0-9a-f]{64})\/?$/;

/** The request's digest; undefined for anything that is not exactly such a link. */
export const requestOfLink = (link: string): string | undefined => LINK.exec(link)?.[1];

/** The first link among arguments, whose order Chromium may change. */
export const linkIn = (argv: readonly string[]): string | undefined =>
  argv.map(requestOfLink).find((digest) => digest !== undefined);

/** Where the OS sends such links here. A source tree is registered with its path, or the OS would start a bare Electron. */
export function registerLinks(app: App): boolean {
  if (!isBareElectron()) return app.setAsDefaultProtocolClient(LINK_SCHEME);
  return app.setAsDefaultProtocolClient(LINK_SCHEME, process.execPath, [app.getAppPath()]);
}

/** Electron started with a path, as in development; it is then not the app that the OS should start. */
const isBareElectron = (): boolean => process.defaultApp;
