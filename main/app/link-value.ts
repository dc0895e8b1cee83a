// The connection as the screen has it: a state and since when, and why where it is not there.

import type { LinkState } from '../link/link.ts';

export function linkValue(now: LinkState, at: number) {
  const since = new Date('since' in now ? now.since : at).toISOString();
  switch (now.kind) {
    case 'connecting':
      return { state: 'starting' } as const;
    case 'online':
      return { state: 'online', since, ...(now.session.exposed ? { exposed: true } : {}) } as const;
    case 'stranger':
      return { state: 'stranger', since } as const;
    case 'offline':
      return { state: 'offline', since, why: now.why } as const;
    case 'refused':
      return { state: 'offline', since, why: now.code } as const;
    case 'stopped':
      return { state: 'offline', since, why: 'stopped' } as const;
  }
}
