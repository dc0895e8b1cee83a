// Grants in the fake app: terms are made and rendered as main makes them, what is given stands in the snapshot, and what is ended
// stays there as ended.

import type { Answers } from '../../shared/ipc/contract.ts';
import type { GrantForm, GrantRow } from '../../shared/ipc/grants.ts';
import type { Change, Snapshot } from '../../shared/ipc/snapshot.ts';
import { fail, ok } from '../../shared/result.ts';
import { type Cj, encodeCj } from '../../shared/statement/cj1.ts';
import type { GrantTerms } from '../../shared/statement/grant.ts';
import type { Request } from '../../shared/statement/request.ts';
import { termsBytes } from '../../shared/statement/terms-text.ts';
import { sha256Hex } from '../../main/trust/digest.ts';

/** The fake main, as far as grants need it. */
type Main = {
  readonly snapshot: Snapshot;
  readonly change: (...changes: Change[]) => void;
};
const CONDITIONS: GrantForm['conditions'] = [
  { when: '["node"].containsAll(context.commands)', says: 'The same kind of action' },
];
const ME = { id: 'ada', name: 'Ada Marlow' } as const;

export const grantRow = (terms: GrantTerms, part: Partial<GrantRow> = {}): GrantRow => ({
  terms: sha256Hex(encodeCj(terms as Cj)),
  request: 'f'.repeat(64),
  title: 'node scripts/export.js',
  guard: terms.guard,
  agent: terms.agent,
  onBehalfOf: terms.onBehalfOf,
  ...('when' in terms.actions ? { when: terms.actions.when } : {}),
  by: [{ ...ME, at: terms.from }],
  missing: 0,
  used: 0,
  uses: terms.uses,
  ...(terms.perHour === undefined ? {} : { perHour: terms.perHour }),
  from: terms.from,
  until: terms.until,
  state: 'live',
  mayEnd: true,
  ...part,
});

export function grantAnswers(
  main: Main,
  requestOf: (digest: string) => Request | undefined,
): Answers['grant'] {
  const proposed = new Map<string, { readonly terms: GrantTerms; readonly request: string }>();
  const put = (row: GrantRow): void => {
    const others = (main.snapshot.grants ?? []).filter(({ terms }) => terms !== row.terms);
    main.change({ what: 'grants', value: [...others, row] });
  };
  return {
    form: async ({ digest }) => {
      const request = requestOf(digest);
      if (request === undefined) return fail('unknownRequest');
      const high = request.policy.tier === 'high' || request.policy.tier === 'critical';
      const off = high ? ({ off: 'tierTooHigh' } as const) : {};
      return ok({ ...off, conditions: [...CONDITIONS], waiting: [] });
    },
    propose: async ({ digest, wish }) => {
      const request = requestOf(digest);
      if (request === undefined || wish === undefined) return fail('unknownRequest');
      if (wish.when?.includes('approved'))
        return fail('badCondition', 'it asks whether people have approved');
      const now = Date.now();
      const terms: GrantTerms = {
        org: request.org,
        log: request.log,
        guard: request.guard.id,
        agent: request.agent.id,
        onBehalfOf: request.agent.onBehalfOf,
        policy: request.policy.sha256,
        tier: 'medium',
        actions:
          wish.when === undefined
            ? { same: sha256Hex(encodeCj(request.action as Cj)) }
            : { when: wish.when },
        uses: wish.uses,
        ...(wish.perHour === undefined ? {} : { perHour: wish.perHour }),
        from: new Date(now).toISOString(),
        until: new Date(now + wish.forMs).toISOString(),
      };
      const row = grantRow(terms);
      proposed.set(row.terms, { terms, request: digest });
      return ok({ digest: row.terms, terms });
    },
    give: async ({ terms, viewSha256 }) => {
      const one = proposed.get(terms);
      if (one === undefined) return fail('termsGone');
      if (viewSha256 !== sha256Hex(termsBytes(one.terms))) return fail('viewDiffers');
      put(grantRow(one.terms, { request: one.request }));
      return ok({ grant: 'd'.repeat(64) });
    },
    end: async ({ terms }) => {
      const row = main.snapshot.grants?.find((one) => one.terms === terms);
      if (row === undefined) return fail('termsGone');
      put({ ...row, state: 'ended', endedBy: ME.name });
      return ok({ end: 'e'.repeat(64) });
    },
  };
}
