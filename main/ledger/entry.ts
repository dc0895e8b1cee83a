// One effect on the log: what is written together or not at all. Digests, keys and message ids are lower-case hex.

export type LeafDraft = {
  readonly leaf: Uint8Array;
  readonly payload: Uint8Array;
  readonly payloadSha256: string;
};

export type Entry = {
  readonly leaf?: LeafDraft;
  /** The leaf is a request: it opens, and its attachments are in use from now on. */
  readonly opens?: {
    readonly request: string;
    readonly guard: string;
    readonly attachments: readonly string[];
  };
  /** The leaf is about this request, and may end it. */
  readonly about?: { readonly request: string; readonly ends: boolean };
  /** The leaf is this key's decision number `seq`. */
  readonly chain?: { readonly keyId: string; readonly seq: number; readonly digest: string };
  /** The leaf says that these payloads are gone; with the request's own, its attachments go too. */
  readonly erases?: { readonly request: string; readonly payloads: readonly string[] };
  /** The leaf is a grant, or the end of every grant of these terms; `until` in milliseconds since 1970. */
  readonly grant?: {
    readonly terms: string;
    readonly guard: string;
    readonly agent: string;
    readonly until: number;
    readonly ends: boolean;
  };
  /** The leaf says that these uses of grants were made. */
  readonly uses?: readonly { readonly terms: string; readonly use: number }[];
  /** The leaf is a keyring. */
  readonly keyring?: { readonly version: number };
  /** Kept, not logged. */
  readonly notice?: {
    readonly request: string;
    readonly what: string;
    readonly keyId: string;
    readonly envelope: string;
  };
  /** The message that this is the effect of; `at` in milliseconds since 1970. */
  readonly message?: {
    readonly principal: string;
    readonly id: string;
    readonly digest: string;
    readonly at: number;
  };
};

/** What a repeat of a message is answered with. */
export type StoredAnswer = { readonly digest: string; readonly index: number | undefined };

export type StoredRequest = {
  readonly digest: string;
  readonly index: number;
  readonly guard: string;
  readonly open: boolean;
  readonly about: readonly number[];
};

/** A leaf that is a grant, or an end. */
export type StoredGrant = {
  readonly index: number;
  readonly terms: string;
  readonly guard: string;
  readonly agent: string;
  readonly until: number;
  readonly ends: boolean;
};

export type StoredLeaf = {
  readonly index: number;
  readonly leaf: Uint8Array;
  /** Absent where it was erased. */
  readonly payload: Uint8Array | undefined;
};
