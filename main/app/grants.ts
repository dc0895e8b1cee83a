// What is granted now, as this app's own copy of the log tells it: grants, their ends and their uses, each only by a verified
// signature. It decides nothing: the guard judges a grant again, and a row here is what a person can end with one click.

import { missingApprovals, whyNotApprove } from '../../shared/domain/approval.ts';
import { mayEndGrant, whyNotNow } from '../../shared/domain/grant.ts';
import type { GrantRow } from '../../shared/ipc/grants.ts';
import { type Cj, encodeCj } from '../../shared/statement/cj1.ts';
import type { GrantTerms } from '../../shared/statement/grant.ts';
import type { Request } from '../../shared/statement/request.ts';
import { headline } from '../../shared/statement/view/headline.ts';
import { sha256Hex } from '../trust/digest.ts';
import { findKey, type HeldKeyring, type KeyHit } from '../trust/keyring.ts';
import { reopenLeaf } from './inbox.ts';
import type { OpenedLeaf } from './open-leaf.ts';
import type { Store } from './ports.ts';

/** A day of grants, and what clocks may differ. */
const KEEP_MS = 25 * 3600 * 1000;
const READ = 200;
/** Of the newest leaves: a log that has more than this in a day shows what fits. */
const MAX_READ = 50_000;

type Signed = { readonly sha256: string; readonly keyId: string; readonly at: string };
type Kept = {
  readonly terms: GrantTerms;
  readonly request: string;
  readonly signed: Map<string, Signed>;
  readonly uses: Set<number>;
  endedBy: string | undefined;
};

export type GrantBook = {
  /** True where one of these leaves changed what is granted. */
  readonly take: (leaves: readonly OpenedLeaf[]) => Promise<boolean>;
  /** Reads what of the last day this copy has. */
  readonly load: () => Promise<void>;
  readonly rows: (me: KeyHit, now: number) => GrantRow[];
  readonly terms: (digest: string) => GrantTerms | undefined;
  /** Terms of this request that have been signed and are not over. */
  readonly ofRequest: (request: string, now: number) => readonly { terms: string; by: string[] }[];
};

export const digestOfTerms = (terms: GrantTerms): string =>
  // Terms are plain CJ-1 by their schema.
  sha256Hex(encodeCj(terms as Cj));

export function openGrantBook(ports: {
  readonly store: Pick<Store, 'newest' | 'ofRequest'>;
  readonly keyring: () => HeldKeyring;
  readonly now: () => number;
}): GrantBook {
  const { store, keyring, now } = ports;
  const kept = new Map<string, Kept>();
  const requests = new Map<string, Request>();
  /** Ends and uses of grants that are read later: the newest leaves come first at a start. */
  const early = new Map<string, { endedBy: string | undefined; readonly uses: Set<number> }>();

  const learn = async (digest: string): Promise<void> => {
    if (requests.has(digest)) return;
    for (const stored of await store.ofRequest(digest)) {
      const opened = stored.type === 'request' ? reopenLeaf(stored, keyring()) : undefined;
      if (opened?.spoken?.type === 'request') requests.set(digest, opened.spoken.says);
    }
  };
  const note = (terms: string) => {
    const one = kept.get(terms) ?? early.get(terms) ?? { endedBy: undefined, uses: new Set() };
    if (!kept.has(terms)) early.set(terms, one);
    return one;
  };
  const take: GrantBook['take'] = async (leaves) => {
    let changed = false;
    for (const { spoken, signature, signer, leaf, keyId } of leaves) {
      if (spoken === undefined || signature !== 'verified' || signer === undefined) continue;
      if (spoken.type === 'grant' && spoken.says.reviewer.keyId === keyId) {
        const { terms, request, issuedAt } = spoken.says;
        const digest = digestOfTerms(terms);
        await learn(request);
        const before = early.get(digest) ?? { endedBy: undefined, uses: new Set<number>() };
        const one = kept.get(digest) ?? { terms, request, signed: new Map(), ...before };
        one.signed.set(signer.id, { sha256: leaf.payloadSha256, keyId, at: issuedAt });
        kept.set(digest, one);
        early.delete(digest);
        changed = true;
      } else if (spoken.type === 'grantEnd' && spoken.says.reviewer.keyId === keyId) {
        note(spoken.says.terms).endedBy = signer.name;
        changed = true;
      } else if (spoken.type === 'auto') {
        for (const { grant } of spoken.says.entries) {
          if (grant === undefined) continue;
          note(grant.terms).uses.add(grant.use);
          changed = true;
        }
      }
    }
    return changed;
  };

  return {
    take,
    load: async () => {
      let before: number | undefined;
      for (let read = 0; read < MAX_READ; read += READ) {
        const leaves = await store.newest(before, READ);
        await take(
          leaves
            .filter(({ type }) => type === 'grant' || type === 'grantEnd' || type === 'auto')
            .flatMap((one) => reopenLeaf(one, keyring()) ?? []),
        );
        before = leaves.at(-1)?.index;
        const old = leaves.every(({ at }) => at === undefined || Date.parse(at) < now() - KEEP_MS);
        if (before === undefined || before === 0 || old) return;
      }
    },
    rows: (me, at) =>
      [...kept]
        .filter(([, { terms }]) => Date.parse(terms.until) > at - KEEP_MS)
        .map(([digest, one]) =>
          rowOf(digest, one, requests.get(one.request), { held: keyring(), me, at }),
        )
        .toSorted((a, b) => (a.until < b.until ? -1 : 1)),
    terms: (digest) => kept.get(digest)?.terms,
    ofRequest: (request, at) =>
      [...kept].flatMap(([terms, one]) =>
        one.request === request && one.endedBy === undefined && whyNotNow(one.terms, at) !== 'over'
          ? [{ terms, by: [...one.signed.keys()] }]
          : [],
      ),
  };
}

type At = { readonly held: HeldKeyring; readonly me: KeyHit; readonly at: number };

function rowOf(
  digest: string,
  { terms, request, signed, uses, endedBy }: Kept,
  asked: Request | undefined,
  { held, me, at }: At,
): GrantRow {
  const people = [...signed].flatMap(([id, { keyId, at: when }]) => {
    const hit = findKey(held, keyId);
    return hit?.id === id ? [{ hit, when }] : [];
  });
  const missing = missingOf(
    asked,
    people.map(({ hit }) => hit),
    held,
  );
  const { guard, agent, onBehalfOf, actions, perHour, from, until } = terms;
  return {
    terms: digest,
    request,
    title: asked === undefined ? '' : headline(asked).title,
    guard,
    agent,
    onBehalfOf,
    ...('when' in actions ? { when: actions.when } : {}),
    by: people.map(({ hit, when }) => ({ id: hit.id, name: hit.name, at: when })),
    missing,
    used: uses.size,
    uses: terms.uses,
    ...(perHour === undefined ? {} : { perHour }),
    from,
    until,
    state: stateOf(terms, endedBy, uses.size, missing, at),
    ...(endedBy === undefined ? {} : { endedBy }),
    mayEnd: mayEndGrant(held.keyring, asked?.policy.needs ?? [], me),
  };
}

/** How many more signatures it takes, by the needs of the request that it came from; who may not approve that counts for nobody. */
function missingOf(
  asked: Request | undefined,
  signers: readonly KeyHit[],
  { keyring }: HeldKeyring,
): number {
  if (asked === undefined) return 0;
  const people = signers.filter((one) => whyNotApprove(asked, one, keyring) === undefined);
  const needs = missingApprovals(asked.policy.needs, people, keyring);
  return needs.reduce((sum, { count }) => sum + count, 0);
}

function stateOf(
  terms: GrantTerms,
  endedBy: string | undefined,
  used: number,
  missing: number,
  at: number,
): GrantRow['state'] {
  if (endedBy !== undefined) return 'ended';
  if (whyNotNow(terms, at) === 'over') return 'over';
  if (used >= terms.uses) return 'usedUp';
  return missing > 0 ? 'waiting' : 'live';
}
