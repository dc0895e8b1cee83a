// The only reader of `window.countersign` and of the address: chooses how this window reaches main.

import type { Bridge } from '../shared/ipc/contract.ts';
import { type Door, socketWire, type Wire } from './socket-wire.ts';

const SESSION = 'countersign.session';

export function chooseWire(window: Window): Wire {
  const given = (window as { readonly countersign?: Bridge }).countersign;
  if (given !== undefined)
    return { bridge: given, state: () => 'open', listen: () => () => undefined };
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  return socketWire(`${scheme}://${window.location.host}/bridge`, doorOf(window), {
    open: (url, protocol) => new WebSocket(url, protocol),
    after: (ms, run) => void window.setTimeout(run, ms),
  });
}

/** The single-use token leaves the address at once, so that no history, title or screenshot keeps it. */
function doorOf(window: Window): Door {
  const { location, history, sessionStorage } = window;
  let token = /^#t=(.+)$/.exec(location.hash)?.[1];
  if (token !== undefined) history.replaceState(null, '', location.pathname);
  return {
    takeToken: () => {
      const taken = token;
      token = undefined;
      return taken;
    },
    session: () => sessionStorage.getItem(SESSION) ?? undefined,
    keep: (session) => sessionStorage.setItem(SESSION, session),
    forget: () => sessionStorage.removeItem(SESSION),
  };
}
