// Which requests have a notification: one that is open and can be decided by this person gets one, once; it is taken down
// the moment the request is decided or ends anywhere. Told by headline, as in
// every list: the card itself is never in a notification.

import type { RequestSummary, Snapshot } from '../../../shared/ipc/snapshot.ts';
import type { Notifier } from '../../app/ports.ts';

export type Arrivals = { readonly follow: (snapshot: Snapshot) => void };

const NOT_FOR_THIS_PERSON = ['notAllowed', 'expired', 'ended', 'decided'];

export function announceArrivals(notifier: Pick<Notifier, 'show' | 'withdraw'>): Arrivals {
  const shown = new Set<string>();
  const seen = new Set<string>();
  return {
    follow: ({ requests }) => {
      const waiting = requests.filter(waits);
      for (const request of waiting) {
        if (seen.has(request.digest)) continue;
        seen.add(request.digest);
        shown.add(request.digest);
        notifier.show(noticeOf(request));
      }
      for (const digest of shown) {
        if (waiting.some((request) => request.digest === digest)) continue;
        shown.delete(digest);
        notifier.withdraw(digest);
      }
    },
  };
}

/** Open, and nothing but a locked key or the like keeps this person from deciding. */
export const waits = ({ stage, sending, denyOff }: RequestSummary): boolean =>
  stage === 'open' &&
  sending === undefined &&
  (denyOff === undefined || !NOT_FOR_THIS_PERSON.includes(denyOff));

const noticeOf = ({ digest, title, agent, onBehalfOf, host, tier, expiresAt }: RequestSummary) => ({
  id: digest,
  title,
  body: [
    `${agent} for ${onBehalfOf} on ${host}`,
    `${tier}, until ${new Date(expiresAt).toLocaleTimeString()}`,
  ].join('\n'),
  urgent: tier === 'high' || tier === 'critical',
  sound: tier === 'critical',
  actions: [],
});
