// What the reviewer app needs from the outside. Declared here where it is needed, implemented where the power lives
// (hosts/*, app/store), handed in by whoever composes the app. The app itself knows no screen and no operating system.

import type { Clock, Timers } from '../link/ports.ts';
import type { FrontierState } from '../trust/frontier.ts';
import type { NoticeTrouble } from '../../shared/ipc/reach.ts';
import type { VaultName } from '../../shared/ipc/snapshot.ts';
import type { Result } from '../../shared/result.ts';
import type {
  HistoryEnding,
  HistoryFilters,
  RequestRow,
  SavedView,
  ValueField,
} from '../../shared/ipc/history.ts';
import type { Tier } from '../../shared/domain/tier.ts';
import type { Verdict } from '../../shared/statement/decision.ts';
import type { EndingHow, Receipt } from '../../shared/statement/followups.ts';
import type { StatementType } from '../../shared/statement/statement.ts';

export type { Clock, Timers };

/** A leaf as this machine keeps it. `payload` is absent where it is erased or not for this reviewer. */
export type StoredLeaf = {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly payload: Uint8Array | undefined;
  /** The payload is here, under a key that this reader was not given. */
  readonly sealed?: true;
  readonly type: StatementType;
  /** Payload digest of the request this leaf is, or is about. */
  readonly request: string | undefined;
  readonly at: string | undefined;
  /** What the history index takes from it; given at `append`, never read back. */
  readonly mark?: LeafMark | undefined;
};

/**
 * What a leaf adds to the history of its request. Only of a leaf whose signature fits and whose signer may say it.
 * Times are milliseconds of the signer's clock.
 */
export type LeafMark =
  | {
      readonly what: 'request';
      readonly at: number;
      readonly title: string;
      readonly kind: RequestRow['kind'];
      readonly target: string;
      readonly agent: string;
      readonly person: string;
      readonly guard: string;
      readonly host: string;
      readonly tier: Tier;
      /** What can be searched, escaped as on the card; no environment value and no secret. */
      readonly words: { readonly action: string; readonly reason: string; readonly who: string };
    }
  | {
      readonly what: 'decision';
      readonly verdict: Verdict;
      readonly reviewer: string;
      readonly at: number;
      readonly keyId: string;
      readonly seq: number;
      readonly sha256: string;
    }
  | { readonly what: 'opened'; readonly reviewer: string }
  /** `guard` is undefined for the log's own key. */
  | { readonly what: 'ending'; readonly how: EndingHow; readonly guard: string | undefined }
  | {
      readonly what: 'receipt';
      readonly guard: string;
      readonly state: Receipt['state'];
      readonly exit: string | undefined;
    }
  /** A grant or its end: next in the chain of that key. */
  | {
      readonly what: 'chained';
      readonly keyId: string;
      readonly seq: number;
      readonly sha256: string;
    }
  /** By somebody who might, at its place in the log. `erases` are payload digests of that request's texts. */
  | {
      readonly what: 'erasure';
      readonly erases: readonly string[];
      readonly keyId: string;
      readonly seq: number;
      readonly sha256: string;
    };

export type StoredDecision = {
  /** Digest of the decision's payload. */
  readonly sha256: string;
  readonly keyId: string;
  readonly seq: number;
  readonly request: string;
  readonly envelope: Uint8Array;
  /** Wire message id: every resend uses it, so the broker takes it once. */
  readonly messageId: string;
  readonly state: 'sending' | 'logged' | 'refused';
  readonly code: string | undefined;
};

export type HistoryQuestion = {
  readonly text?: string | undefined;
  readonly filters: HistoryFilters;
  readonly before?: number | undefined;
  readonly limit: number;
};

/** A row as the store has it: reviewers by id. */
export type FoundRequest = Omit<RequestRow, 'reviewer'> & { readonly reviewer?: string };

/** Counts over the requests of a filter; who reads them puts them into days and sentences. */
export type HistoryTally = {
  readonly requests: number;
  /** Quarter hours since 1970 with their endings: every zone's days begin on one. */
  readonly quarters: readonly {
    readonly quarter: number;
    readonly ending: HistoryEnding;
    readonly count: number;
  }[];
  /** Decisions by the upper bound of their time to decide, shortest first. */
  readonly times: readonly { readonly upToMs: number; readonly count: number }[];
  readonly load: readonly {
    readonly reviewer: string;
    readonly approved: number;
    readonly denied: number;
    readonly unopened: number;
    readonly medianMs: number | undefined;
  }[];
  readonly approvals: { readonly total: number; readonly unopened: number };
};

/** Reading the index. Each answer is bounded, and lets appends through while it works. */
export type HistoryStore = {
  readonly search: (question: HistoryQuestion) => Promise<{
    readonly rows: readonly FoundRequest[];
    readonly next: number | undefined;
    readonly took: number;
  }>;
  readonly values: (
    of: ValueField,
    starts: string,
    limit: number,
  ) => Promise<readonly { readonly value: string; readonly count: number }[]>;
  readonly tally: (filters: HistoryFilters) => Promise<HistoryTally>;
  readonly savedViews: () => Promise<readonly SavedView[]>;
  /** False where there are as many as may be. */
  readonly putSavedView: (view: SavedView) => Promise<boolean>;
  readonly removeSavedView: (name: string) => Promise<void>;
  /** Drops a request's body, its title and every word of it from the index; its leaf stays. */
  readonly erase: (digest: string) => Promise<void>;
};

/**
 * The app's own replica, in a process of its own. Every promise that resolves is on disk (FULL).
 * Rejects only when the process or the file is broken: the app then shows an alarm and signs nothing.
 */
export type Store = HistoryStore & {
  /**
   * Before `load`: the verifier key of the log that this copy is of. Where it was of another one, a new epoch has begun: that
   * copy is moved aside and kept, an empty one takes its place, and the numbers of decisions go on.
   */
  readonly useLog: (vkey: string) => Promise<void>;
  readonly load: () => Promise<{
    readonly frontier: FrontierState;
    /** The newest checkpoint note this app has verified. */
    readonly note: string | undefined;
    /** The newest one that an earlier copy had verified, where this copy took the place of one that was broken or too old. */
    readonly reached?: string;
    /** Why this run must not approve: the copy on disk was older than what this device had seen. */
    readonly wentBackwards?: string;
  }>;
  /**
   * In index order without a gap; the frontier is the one after them; one transaction. A leaf marked as an erasure takes
   * the texts that it names with it, their words, titles and this device's own copies of them.
   */
  readonly append: (leaves: readonly StoredLeaf[], frontier: FrontierState) => Promise<void>;
  readonly putNote: (size: number, note: string) => Promise<void>;
  readonly read: (from: number, limit: number) => Promise<readonly StoredLeaf[]>;
  /** Newest first, below `before`. */
  readonly newest: (before: number | undefined, limit: number) => Promise<readonly StoredLeaf[]>;
  /** Every leaf about a request, the request first. */
  readonly ofRequest: (digest: string) => Promise<readonly StoredLeaf[]>;
  /** The newest keyring in the log before `index`. */
  readonly keyringBefore: (index: number) => Promise<StoredLeaf | undefined>;
  /** Of these payload digests those that were erased, each with the index of the erasure that says so. */
  readonly erasedBy: (payloads: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  /** Requests without an ending, oldest first, then the latest `ended` that have one. */
  readonly desk: (ended: number) => Promise<readonly string[]>;
  /** What a key's next decision must carry: 1 and 64 zeros for a new key. */
  readonly nextDecision: (
    keyId: string,
  ) => Promise<{ readonly seq: number; readonly prev: string }>;
  /** Before it is sent. Rejects a `seq` that this key has used. */
  readonly putDecision: (decision: StoredDecision) => Promise<void>;
  /** Rejects with `NEVER_PUT` in its message where this store was never given it. */
  readonly settleDecision: (
    sha256: string,
    state: 'logged' | 'refused',
    code: string | undefined,
  ) => Promise<void>;
  readonly unsettledDecisions: () => Promise<readonly StoredDecision[]>;
  readonly close: () => Promise<void>;
};

export const NEVER_PUT = 'a decision is settled after it was put';

/** The bundled broker. `start` resolves once it listens; `lost` is called when it ends unasked. */
export type BundledBroker = {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Where the person looks: the page, the windows, the terminal. */
export type Surface = {
  readonly kind: 'electron' | 'browser' | 'terminal';
  /** Bring it forward; nothing of ours takes the focus unasked. */
  readonly raise: () => void;
  /** Bring it forward on this request. It opens and never decides. */
  readonly openRequest?: (digest: string) => void;
};

/**
 * The computer's own key store. Only one that keeps a secret from other accounts says that it is available; nothing here
 * falls back to anything. A call that finds it locked or silent is 'unavailable': to be tried again, never lost.
 */
export type Vault = {
  /** Looked at anew each time: a store is locked, unlocked, or another one after a login. */
  readonly available: () => Promise<Result<VaultName, 'weak' | 'unavailable'>>;
  /** A few hundred bytes; what comes back is opaque, and opens here alone. */
  readonly wrap: (secret: Uint8Array) => Promise<Result<Uint8Array, 'weak' | 'unavailable'>>;
  /** `stale`: it opened, and the store wants it wrapped again. */
  readonly unwrap: (
    wrapped: Uint8Array,
  ) => Promise<
    Result<{ readonly secret: Uint8Array; readonly stale: boolean }, 'unavailable' | 'refused'>
  >;
};

/** One line for whoever reads the app's output: never a payload, never a secret. */
export type Journal = { readonly note: (line: string) => void };

/** The buttons a notification may carry; a click on its body is `open`. */
export const NOTIFICATION_ACTIONS = ['approve', 'deny', 'open'] as const;
export type NotificationAction = (typeof NOTIFICATION_ACTIONS)[number];

/** Why the OS shows nothing: no session of a person, no program, no daemon, not allowed, or it failed the last time. */
export type NotifierTrouble = Exclude<NoticeTrouble, 'noSurface'>;

export type NotifierCapabilities = {
  readonly kind: 'linux' | 'macos' | 'windows';
  /** Buttons are shown and a press on one comes back. */
  readonly actions: boolean;
  /** How much of the body is shown whole: UTF-8 bytes and lines. */
  readonly maxBytes: number;
  readonly maxLines: number;
  /** Characters before a line wraps; 40 where it is not known. */
  readonly columns?: number;
  /** Absent where notifications work as far as the adapter knows. */
  readonly trouble?: NotifierTrouble;
};

export type Notification = {
  /** Ours, printable ASCII without spaces: the same id again replaces what it showed. */
  readonly id: string;
  /** Plain ASCII, one line. The adapter escapes where its OS reads markup. */
  readonly title: string;
  /** Plain ASCII, lines apart by a line feed. */
  readonly body: string;
  /** Stays until it is acted on, where the OS can. */
  readonly urgent: boolean;
  readonly sound: boolean;
  /** In this order; empty where `capabilities().actions` is false. */
  readonly actions: readonly NotificationAction[];
};

/** What the OS shows beside the app. It decides nothing: whatever comes back is judged as hostile input. */
export type Notifier = {
  readonly capabilities: () => NotifierCapabilities;
  /** `failed` is called, at once or later, where it turns out that the OS did not show it. */
  readonly show: (notification: Notification, failed?: (why: NotifierTrouble) => void) => void;
  readonly withdraw: (id: string) => void;
  /** The id as it was shown, and the action's name, or `open` for a click on the body. Returns its own end. */
  readonly onActivate: (take: (id: string, action: string) => void) => () => void;
  /** Looks at the OS again; `capabilities` tells what it found. */
  readonly look?: () => Promise<void>;
};
