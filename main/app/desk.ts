// The requests as this app's own copy of the log tells them: every leaf moves them, nothing else does, except what is
// not logged and never trusted to approve: whether the guard is connected, and that a decision is on its way.

import { missingApprovals } from '../../shared/domain/approval.ts';
import { endingFits } from '../../shared/domain/changes.ts';
import { advance, type Life, type LifeEvent, NEW_LIFE } from '../../shared/domain/life.ts';
import type { Decision, Verdict } from '../../shared/statement/decision.ts';
import type { AskReason } from '../../shared/statement/escalation.ts';
import type { Receipt } from '../../shared/statement/followups.ts';
import type { Request } from '../../shared/statement/request.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { findKey, type HeldKeyring } from '../trust/keyring.ts';
import type { OpenedLeaf } from './open-leaf.ts';

export type DeskDecision = { readonly sha256: string; readonly says: Decision };

export type DeskEntry = {
  readonly digest: string;
  readonly index: number;
  readonly request: Request;
  readonly payload: Uint8Array;
  /** The guard's signature fits. What it says is policy's to confirm, its place in the log the checkpoint's to prove. */
  readonly signed: boolean;
  readonly life: Life;
  readonly decisions: readonly DeskDecision[];
  readonly receipt: Receipt | undefined;
  readonly guardState: 'here' | 'gone';
  /** By the escalations in the log, in their order; empty where everybody is asked at once. It gives nobody a right. */
  readonly asked: readonly { readonly id: string; readonly why: AskReason }[];
  /** The broker's word: who is asked then too, should nobody answer before. */
  readonly nextAsked: { readonly at: string; readonly asked: readonly string[] } | undefined;
  readonly sending: Verdict | undefined;
};

export type Desk = {
  readonly get: (digest: string) => DeskEntry | undefined;
  readonly all: () => readonly DeskEntry[];
  /** Applies a leaf; gives the digest of the request it touched. */
  readonly take: (
    leaf: OpenedLeaf,
    payload: Uint8Array | undefined,
    keyring: HeldKeyring,
  ) => string | undefined;
  readonly patch: (
    digest: string,
    change: Partial<Pick<DeskEntry, 'guardState' | 'sending' | 'nextAsked'>>,
  ) => boolean;
  /** Its text was erased; the digests that are gone. */
  readonly forget: (digest: string) => readonly string[];
  /** Ended requests beyond the newest `keep`; they leave the desk, history has them. */
  readonly trim: (keep: number) => readonly string[];
};

export function openDesk(): Desk {
  const entries = new Map<string, DeskEntry>();
  const put = (entry: DeskEntry): string => {
    entries.set(entry.digest, entry);
    return entry.digest;
  };

  return {
    get: (digest) => entries.get(digest),
    all: () => [...entries.values()],
    take: (leaf, payload, keyring) => {
      const { spoken } = leaf;
      if (spoken?.type === 'request' && payload !== undefined) {
        const digest = leaf.leaf.payloadSha256;
        if (entries.has(digest)) return undefined;
        return put({
          digest,
          index: leaf.index,
          request: spoken.says,
          payload,
          signed: leaf.signature === 'verified' && signedByItsGuard(leaf, spoken.says),
          life: NEW_LIFE,
          decisions: [],
          receipt: undefined,
          guardState: 'here',
          asked: [],
          nextAsked: undefined,
          sending: undefined,
        });
      }
      // A statement that nobody signed moves nothing.
      if (spoken === undefined || leaf.signature !== 'verified' || !('request' in spoken.says))
        return undefined;
      const entry = entries.get(spoken.says.request);
      if (entry === undefined || !mayMove(entry.request, leaf)) return undefined;
      const next = follow(entry, leaf, keyring);
      return next && put(next);
    },
    patch: (digest, change) => {
      const entry = entries.get(digest);
      if (entry === undefined) return false;
      put({ ...entry, ...change });
      return true;
    },
    forget: (digest) => (entries.delete(digest) ? [digest] : []),
    trim: (keep) => {
      const ended = [...entries.values()].filter((entry) => entry.life.stage === 'ended');
      const gone = ended.slice(0, Math.max(0, ended.length - keep)).map((entry) => entry.digest);
      for (const digest of gone) entries.delete(digest);
      return gone;
    },
  };
}

const signedByItsGuard = (leaf: OpenedLeaf, request: Request): boolean =>
  leaf.signer?.kind === 'guard' &&
  leaf.signer.id === request.guard.id &&
  leaf.keyId === request.guard.keyId;

/** Signed by the very key it names, and by one that may say this of this request. */
function mayMove(request: Request, { spoken, keyId, signer }: OpenedLeaf): boolean {
  const { guard } = request;
  const ofGuard = signer?.kind === 'guard' && signer.id === guard.id;
  switch (spoken?.type) {
    case 'decision':
      return spoken.says.reviewer.keyId === keyId;
    case 'ending': {
      const { how, who } = spoken.says;
      // The broker's log key can only end in a refusal (spec: Types).
      const refuses = how !== 'approved' && how !== 'approvedWithChanges';
      const fits = endingFits(how, request);
      return who.keyId === keyId && fits && (ofGuard || (signer?.use === 'log' && refuses));
    }
    case 'receipt':
      return spoken.says.guard.keyId === keyId && ofGuard;
    case 'escalation':
      return spoken.says.by.keyId === keyId && signer?.use === 'log';
    default:
      return false;
  }
}

function follow(entry: DeskEntry, leaf: OpenedLeaf, keyring: HeldKeyring): DeskEntry | undefined {
  const { spoken } = leaf;
  switch (spoken?.type) {
    case 'decision': {
      const decisions = [
        ...entry.decisions,
        { sha256: leaf.leaf.payloadSha256, says: spoken.says },
      ];
      return moved(
        { ...entry, decisions, sending: undefined },
        {
          what: 'decision',
          verdict: spoken.says.verdict,
          enough: enoughApprovals(entry.request, decisions, keyring),
        },
      );
    }
    case 'escalation': {
      const { asked, why } = spoken.says;
      const more = asked.filter((id) => !entry.asked.some((one) => one.id === id));
      return { ...entry, asked: [...entry.asked, ...more.map((id) => ({ id, why }))] };
    }
    case 'ending':
      return moved({ ...entry, sending: undefined }, { what: 'ending', how: spoken.says.how });
    case 'receipt':
      return moved(
        { ...entry, receipt: spoken.says },
        { what: 'receipt', state: spoken.says.state },
      );
    default:
      return undefined;
  }
}

function moved(entry: DeskEntry, event: LifeEvent): DeskEntry {
  const life = advance(entry.life, event);
  return life.ok ? { ...entry, life: life.value } : entry;
}

export function enoughApprovals(
  request: Request,
  decisions: readonly DeskDecision[],
  held: HeldKeyring,
): boolean {
  const people = decisions
    .filter((decision) => decision.says.verdict === 'approve')
    .map(({ says }) => findKey(held, says.reviewer.keyId))
    .filter((hit) => hit !== undefined);
  return missingApprovals(request.policy.needs, people, rulesOf(held.keyring)).length === 0;
}

export const rulesOf = (keyring: Keyring): Pick<Keyring, 'solo' | 'owners'> => keyring;
