// The shapes of history in the contract: what is asked of this machine's own copy of the log, and the rows and figures
// that come back. Everything here is plain values; text that an agent or a person wrote is escaped as on the card.

import * as z from 'zod';
import { TIERS } from '../domain/tier.ts';
import { Count, Digest, Id, Time } from '../statement/fields.ts';
import { ENDINGS, RECEIPT_STATES } from '../statement/followups.ts';

export const ACTION_KINDS = ['exec', 'mcp', 'http', 'tool'] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** `open`: no ending is in the log yet. */
export const HISTORY_ENDINGS = [...ENDINGS, 'open'] as const;
export type HistoryEnding = (typeof HISTORY_ENDINGS)[number];

/** All that are given hold at once. Names are compared whole; `text` is for parts of them. */
export const HistoryFilters = z.strictObject({
  /** Whom the agent worked for. */
  person: z.string().min(1).max(200).optional(),
  agent: z.string().min(1).max(200).optional(),
  /** A reviewer's id: who approved or denied. */
  reviewer: z.string().min(1).max(200).optional(),
  kind: z.enum(ACTION_KINDS).optional(),
  /** As rows show it. */
  target: z.string().min(1).max(200).optional(),
  /** The guard's machine. */
  host: z.string().min(1).max(253).optional(),
  tier: z.enum(TIERS).optional(),
  ending: z.enum(HISTORY_ENDINGS).optional(),
  /** With `reviewer`: what that one said, whatever came of it. */
  verdict: z.enum(['approve', 'deny']).optional(),
  /** Asked at or after, and before: the guard's clock. */
  from: Time.optional(),
  to: Time.optional(),
});
export type HistoryFilters = z.infer<typeof HistoryFilters>;

/**
 * Words that must all occur; `"in quotes"` as they stand, `word*` for a beginning. Looks in what was to run, the reason,
 * agent, person and host. A request's digest, or its first 8 characters or more, finds that request.
 */
export const HistoryText = z.string().max(500);

/** A request with what became of it, as far as the log says. */
export const RequestRow = z.strictObject({
  index: Count,
  digest: Digest,
  at: Time,
  /** Empty where the request's text has been erased. */
  title: z.string(),
  kind: z.enum(ACTION_KINDS),
  target: z.string(),
  agent: z.string(),
  person: z.string(),
  guard: z.string(),
  host: z.string(),
  tier: z.enum(TIERS),
  ending: z.enum(HISTORY_ENDINGS),
  /** The deciding one: the first denial, else the latest approval. */
  verdict: z.enum(['approve', 'deny']).optional(),
  reviewer: z.strictObject({ id: Id, name: z.string() }).optional(),
  decidedAt: Time.optional(),
  /** From asking to deciding. */
  tookMs: Count.optional(),
  /** That reviewer's app had signed `opened` before. */
  opened: z.boolean().optional(),
  run: z.enum(RECEIPT_STATES).optional(),
  exit: z.string().optional(),
});
export type RequestRow = z.infer<typeof RequestRow>;

/**
 * Newest first. `next` is where to go on: a page may be short, even empty, and still have one, because a search that
 * takes long stops and says how far it looked. No `next`: that was all.
 */
export const FoundRows = z.strictObject({
  rows: z.array(RequestRow),
  next: Count.optional(),
  /** Milliseconds in the store. */
  took: z.number().min(0),
});
export type FoundRows = z.infer<typeof FoundRows>;

/** What this machine's history says beside a card, newest first: unsigned, and at most five of each. */
export const CardHistory = z.strictObject({
  /** What this agent asked before, on this host. */
  last: z.array(RequestRow),
  /** The same kind of action on the same target, where somebody has decided. */
  similar: z.array(RequestRow),
  /** The search ended before it had looked at all of history. */
  partly: z.boolean(),
});
export type CardHistory = z.infer<typeof CardHistory>;

/** What a filter can be set to. */
export const VALUE_FIELDS = ['person', 'agent', 'reviewer', 'target', 'host'] as const;
export type ValueField = (typeof VALUE_FIELDS)[number];

const Bucket = z.strictObject({
  /** Its first moment in the zone that was asked for. */
  at: Time,
  asked: Count,
  /** By ending of the requests asked in it; only those that occur. */
  endings: z.partialRecord(z.enum(HISTORY_ENDINGS), Count),
});

const Carried = z.strictObject({
  id: Id,
  name: z.string(),
  approved: Count,
  denied: Count,
  /** Of those approved: this person's app had not opened the card. */
  unopened: Count,
  /** Absent where nothing was timed. */
  medianMs: Count.optional(),
});

export const BUCKET_SIZES = ['hour', 'day', 'week', 'month'] as const;

export const HistoryCharts = z.strictObject({
  requests: Count,
  /** The size that gives at most 100 buckets; weeks begin on Monday. */
  bucket: z.enum(BUCKET_SIZES),
  /** Every bucket from the first request to the last, empty ones too. */
  volume: z.array(Bucket),
  timeToDecide: z.strictObject({
    decided: Count,
    /** Upper bounds of the slot they fall in. */
    p50Ms: Count.optional(),
    p90Ms: Count.optional(),
    p99Ms: Count.optional(),
    /** Up to and including; the last slot has no bound. */
    slots: z.array(z.strictObject({ upToMs: Count.optional(), count: Count })),
  }),
  /** Every decision counts, also the second of two; most first, at most 50 people. */
  load: z.array(Carried),
  /** Approvals, and those of them whose reviewer had not opened the card. */
  approvals: z.strictObject({ total: Count, unopened: Count }),
  took: z.number().min(0),
});
export type HistoryCharts = z.infer<typeof HistoryCharts>;

/** A key whose signatures in the log were checked and fit; what the keyring says of whose it is. */
export const CheckedSigner = z.strictObject({
  /** `root`: keyrings, each by a threshold of root keys. */
  kind: z.enum(['reviewer', 'guard', 'broker', 'channel', 'root']),
  id: z.string(),
  name: z.string(),
  device: z.string().optional(),
  use: z.enum(['decision', 'session', 'witness', 'guard', 'log']).optional(),
  keyId: z.string(),
  signatures: Count,
  /** The first and the last log entry it signed. */
  from: Count,
  to: Count,
});
export type CheckedSigner = z.infer<typeof CheckedSigner>;

export const SavedView = z.strictObject({
  name: z.string().min(1).max(60),
  text: HistoryText.optional(),
  filters: HistoryFilters,
});
export type SavedView = z.infer<typeof SavedView>;
export const MAX_SAVED_VIEWS = 100;

/** Where a range of the log begins or ends: an index, or a moment of the signers' clocks. */
export const EvidenceBound = z.union([Count, Time]);

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The last one of an export has `path`, or `failed` with a sentence, or `cancelled`. */
export const Exported = z.strictObject({
  id: Count,
  done: Count,
  /** An estimate while it runs: log entries looked through, of how many. */
  of: Count,
  /** Requests; of evidence the log's entries. */
  rows: Count,
  /** It is a bundle of evidence. */
  evidence: z.literal(true).optional(),
  path: z.string().optional(),
  failed: z.string().optional(),
  cancelled: z.literal(true).optional(),
});
export type Exported = z.infer<typeof Exported>;
