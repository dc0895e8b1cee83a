// What a message is judged against while its batch is being put together: the standing, and what earlier messages of
// the same batch have changed. A verdict is a plan for the log, an answer that was given before, or a code.

import type { WireCode } from '../../shared/protocol/codes.ts';
import type { AnyClientMessage } from '../../shared/protocol/messages.ts';
import type { Failure, Ok } from '../../shared/result.ts';
import type { Entry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Shelf } from '../policy/cedar/shelf.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import type { Session } from './peer.ts';
import type { Standing } from './standing.ts';

export type Bench = {
  readonly ledger: Ledger;
  readonly standing: Standing;
  /** What the keyring pins, opened. */
  readonly policies: Shelf;
  readonly now: number;
  /** Where the next leaf of this batch will stand. */
  nextIndex: number;
  /** Each key's last decision, where this batch has one. */
  readonly chains: Map<string, { readonly seq: number; readonly digest: string }>;
  /** Of this batch: terms that were granted or ended, and uses as `terms/number`. */
  readonly granted: Set<string>;
};

export type Plan = {
  readonly entry: Entry;
  /** The request that it opens, moves or ends. */
  readonly request?: string;
  readonly does:
    | 'opens'
    | 'decides'
    | 'notes'
    | 'ends'
    | 'reports'
    | 'enrols'
    | 'erases'
    | 'escalates'
    | 'grants';
  readonly keyring?: HeldKeyring;
  /** The size of the tree that its signer says to have seen; unchecked. */
  readonly saw?: number | undefined;
};

/** The statement is in the log from before, under another message id. */
export type Known = { readonly known: number; readonly request: string };

/** `retryAfterMs`: before then the answer would be the same. */
export type Refusal = Failure<WireCode> & { readonly retryAfterMs?: number };
export type Verdict = Ok<Plan | Known> | Refusal;

export type EffectType =
  | 'request'
  | 'decision'
  | 'notice'
  | 'ending'
  | 'receipt'
  | 'auto'
  | 'erasure'
  | 'grant'
  | 'grantEnd'
  | 'keyring';
export type EffectMessage = Extract<AnyClientMessage, { readonly t: EffectType }>;

export type Rule = (bench: Bench, session: Session, envelope: string) => Verdict;
