// What comes from other processes and from the OS: a second start, a link, the end of the session. They may come before
// there is anything to show; they then wait. Nothing in them is trusted beyond one digest.

import type { App } from 'electron';
import * as z from 'zod';
import { Digest } from '../../../shared/statement/fields.ts';
import { requestOfLink } from './deep-link.ts';

export type Asked = { readonly request: string | undefined };

export type OutsideCalls = {
  /** From now on each is passed on, and those that have waited. */
  readonly serve: (take: (asked: Asked) => void) => void;
  readonly onQuit: (quit: () => void) => void;
};

const FromSecond = z.strictObject({ request: Digest.optional() });
const MAX_WAITING = 8;

export function openCalls(app: App): OutsideCalls {
  let take: ((asked: Asked) => void) | undefined;
  let quit = (): void => {};
  const waiting: Asked[] = [];
  const asked = (one: Asked): void => {
    if (take !== undefined) take(one);
    else if (waiting.length < MAX_WAITING) waiting.push(one);
  };
  app.on('second-instance', (_event, _argv, _folder, sent) => {
    const parsed = FromSecond.safeParse(sent);
    asked({ request: parsed.success ? parsed.data.request : undefined });
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    asked({ request: requestOfLink(url) });
  });
  app.on('activate', () => asked({ request: undefined }));
  // Without a listener the app would end with its last window; ours ends when it is told to.
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    event.preventDefault();
    quit();
  });
  return {
    serve: (to) => {
      take = to;
      for (const one of waiting.splice(0)) to(one);
    },
    onQuit: (to) => {
      quit = to;
    },
  };
}
