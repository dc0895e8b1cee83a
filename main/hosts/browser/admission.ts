// Who may speak to the app through the page. A token stands in an address, works once and for 60 s; it is exchanged for a
// session secret that lives as long as the app, so that the page can be reloaded. Both are 32 random bytes.

import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../app/ports.ts';
import { type RandomBytes, sha256 } from '../../trust/digest.ts';

export const TOKEN_MS = 60_000;
/** Oldest first out: addresses that nobody opened, pages that nobody closed. */
const MAX_TOKENS = 32;
const MAX_SESSIONS = 64;

export type Admission = {
  readonly newToken: () => string;
  /** The session secret, or undefined for an unknown, used or old token. */
  readonly redeem: (token: string) => string | undefined;
  readonly knows: (session: string) => boolean;
};

export function admission(ports: {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly random: RandomBytes;
}): Admission {
  let tokens: { readonly hash: Uint8Array; readonly until: number }[] = [];
  let sessions: Uint8Array[] = [];
  const secret = (): string => Buffer.from(ports.random(32)).toString('base64url');
  const live = (): typeof tokens => tokens.filter(({ until }) => until > ports.clock.monotonic());
  return {
    newToken: () => {
      const token = secret();
      const until = ports.clock.monotonic() + TOKEN_MS;
      tokens = [...live(), { hash: hashOf(token), until }].slice(-MAX_TOKENS);
      return token;
    },
    redeem: (token) => {
      const hash = hashOf(token);
      const found = live().filter((one) => timingSafeEqual(one.hash, hash));
      if (found.length === 0) return undefined;
      tokens = tokens.filter((one) => !found.includes(one));
      const session = secret();
      sessions = [...sessions, hashOf(session)].slice(-MAX_SESSIONS);
      return session;
    },
    knows: (session) => {
      const hash = hashOf(session);
      // Every one is compared: how long it takes says nothing about which.
      return sessions.filter((one) => timingSafeEqual(one, hash)).length > 0;
    },
  };
}

/** Compared by digest: equal lengths for timingSafeEqual, and no secret stays in memory. */
const hashOf = (text: string): Uint8Array => sha256(new TextEncoder().encode(text));
