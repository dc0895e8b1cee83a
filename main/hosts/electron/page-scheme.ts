// `app://countersign`: the built window as a fixed map, over a session that keeps nothing on disk. GET of a name that is
// in the map, and no other request; a name never becomes a path. Whatever else the page asks for is cancelled.

import { protocol, session, type Session } from 'electron';
import type { Pages } from '../browser/pages.ts';
import { RESPONSE_HEADERS } from './csp.ts';
import { ORIGIN, PAGE, SCHEME } from './origin.ts';

/** Once, before Electron is ready. `standard` gives the scheme an origin; it gets no other privilege but `secure`. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true } },
  ]);
}

export function openPageSession(pages: Pages): Session {
  const made = session.fromPartition('countersign', { cache: false });
  made.protocol.handle(SCHEME, (request) => answer(request, pages));
  made.webRequest.onBeforeRequest((details, decide) =>
    decide({ cancel: !details.url.startsWith(PAGE) }),
  );
  return made;
}

function answer({ method, url }: Pick<Request, 'method' | 'url'>, pages: Pages): Response {
  if (method !== 'GET') return plain(405, 'GET only', { allow: 'GET' });
  const page = url.startsWith(PAGE) ? pages.get(url.slice(ORIGIN.length)) : undefined;
  if (page === undefined) return plain(404, 'no such page');
  const headers = { ...RESPONSE_HEADERS, 'content-type': page.type };
  // A copy: what is handed over belongs to the response from then on.
  return new Response(Uint8Array.from(page.bytes), { status: 200, headers });
}

const plain = (
  status: number,
  text: string,
  more: Readonly<Record<string, string>> = {},
): Response => {
  const headers = { ...RESPONSE_HEADERS, 'content-type': 'text/plain; charset=utf-8', ...more };
  return new Response(`${text}\n`, { status, headers });
};
