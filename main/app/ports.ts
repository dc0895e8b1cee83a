// What the reviewer app needs from the outside. Declared here where it is needed, implemented where the power lives
// (hosts/*, app/store), handed in by whoever composes the app. The app itself knows no screen and no operating system.

import type { Clock, Timers } from '../link/ports.ts';
import type { FrontierState } from '../trust/frontier.ts';
import type { StatementType } from '../../shared/statement/statement.ts';

export type { Clock, Timers };

/** A leaf as this machine keeps it. `payload` is absent where it is erased or not for this reviewer. */
export type StoredLeaf = {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly payload: Uint8Array | undefined;
  readonly type: StatementType;
  /** Payload digest of the request this leaf is, or is about. */
  readonly request: string | undefined;
  readonly at: string | undefined;
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

/**
 * The app's own replica, in a process of its own. Every promise that resolves is on disk (FULL).
 * Rejects only when the process or the file is broken: the app then shows an alarm and signs nothing.
 */
export type Store = {
  readonly load: () => Promise<{
    readonly frontier: FrontierState;
    /** The newest checkpoint note this app has verified. */
    readonly note: string | undefined;
  }>;
  /** In index order without a gap; the frontier is the one after them; one transaction. */
  readonly append: (leaves: readonly StoredLeaf[], frontier: FrontierState) => Promise<void>;
  readonly putNote: (size: number, note: string) => Promise<void>;
  readonly read: (from: number, limit: number) => Promise<readonly StoredLeaf[]>;
  /** Newest first, below `before`. */
  readonly newest: (before: number | undefined, limit: number) => Promise<readonly StoredLeaf[]>;
  /** Every leaf about a request, the request first. */
  readonly ofRequest: (digest: string) => Promise<readonly StoredLeaf[]>;
  /** Requests without an ending, oldest first, then the latest `ended` that have one. */
  readonly desk: (ended: number) => Promise<readonly string[]>;
  /** What a key's next decision must carry: 1 and 64 zeros for a new key. */
  readonly nextDecision: (
    keyId: string,
  ) => Promise<{ readonly seq: number; readonly prev: string }>;
  /** Before it is sent. Rejects a `seq` that this key has used. */
  readonly putDecision: (decision: StoredDecision) => Promise<void>;
  readonly settleDecision: (
    sha256: string,
    state: 'logged' | 'refused',
    code: string | undefined,
  ) => Promise<void>;
  readonly unsettledDecisions: () => Promise<readonly StoredDecision[]>;
  readonly close: () => Promise<void>;
};

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
};

/** One line for whoever reads the app's output: never a payload, never a secret. */
export type Journal = { readonly note: (line: string) => void };
