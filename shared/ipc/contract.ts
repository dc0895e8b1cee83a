// THE contract between the reviewer app and whatever shows it: a window, a page, a terminal.
// Main's answers, the bridge, the fakes of tests and every channel name derive from this one object.

import * as z from 'zod';
import { B64, Count, Digest, Id, Time } from '../statement/fields.ts';
import { STATEMENTS, type StatementType } from '../statement/statement.ts';
import { type AnswersOf, type BridgeOf, call, event, type TellersOf } from './define.ts';
import { Change, RequestSummary, Snapshot, WHY_NOT } from './snapshot.ts';

const Nothing = z.strictObject({});

const outcome = <T extends z.ZodType, C extends readonly [string, ...string[]]>(
  value: T,
  codes: C,
) =>
  z.union([
    z.strictObject({ ok: z.literal(true), value }),
    z.strictObject({ ok: z.literal(false), code: z.enum(codes), detail: z.string().optional() }),
  ]);

export const MIN_PASSPHRASE = 12;

/** Why a decision was not made. Nothing was signed, except where it says `refused`. */
export const DECIDE_CODES = [
  ...WHY_NOT,
  'unknownRequest',
  'viewDiffers',
  'tooSoon',
  'notSeen',
  'notHeld',
  'nameDiffers',
  'reasonMissing',
  'wrongPassphrase',
  'passphraseNeeded',
  'presenceTooWeak',
  /** Signed, sent, and not taken by the broker; `detail` says why. */
  'refused',
] as const;
export type DecideCode = (typeof DECIDE_CODES)[number];

/** What happened to the card on screen. Main stamps each with its own clock as it arrives. */
export const GESTURES = [
  'appeared',
  'changed',
  'moved',
  'focused',
  'blurred',
  'seenAll',
  'clicked',
  'pressed',
  'released',
  'gone',
] as const;
export type Gesture = (typeof GESTURES)[number];

const STATEMENT_TYPES = Object.keys(STATEMENTS) as [StatementType, ...StatementType[]];

/** One step of a request's story, with what was checked about it. */
export const StoryStep = z.strictObject({
  index: Count,
  type: z.enum(STATEMENT_TYPES),
  at: Time.optional(),
  signer: z.string(),
  keyId: z.string(),
  /** Signature against the keyring, digest of the body, place in the log. */
  signature: z.enum(['verified', 'failed', 'unknownKey']),
  says: z.string(),
  payload: z.string().optional(),
});

export const LogRow = z.strictObject({
  index: Count,
  type: z.enum(STATEMENT_TYPES),
  at: Time.optional(),
  request: Digest.optional(),
  title: z.string(),
  says: z.string(),
  who: z.string(),
});
export type LogRow = z.infer<typeof LogRow>;

export const CONTRACT = {
  app: {
    snapshot: call(Nothing, Snapshot),
    changed: event(z.strictObject({ revision: Count, changes: z.array(Change) })),
    /** Bring yourself to the front: a second start, or a person asked for it. */
    raised: event(Nothing),
  },
  setup: {
    /** First run, solo: makes every key on the spot. */
    solo: call(
      z.strictObject({
        id: Id,
        name: z.string().min(1).max(100),
        passphrase: z.string().max(1024),
      }),
      outcome(Nothing, ['passphraseTooShort', 'done', 'failed']),
    ),
    /** What the form starts with. */
    suggestion: call(
      Nothing,
      z.strictObject({ id: z.string(), name: z.string(), home: z.string() }),
    ),
  },
  key: {
    unlock: call(
      z.strictObject({ passphrase: z.string().max(1024) }),
      outcome(z.strictObject({ until: Time }), ['wrongPassphrase', 'absent', 'failed']),
    ),
    lock: call(Nothing, Nothing),
  },
  request: {
    /** The signed bytes; the window renders and hashes them itself. */
    open: call(
      z.strictObject({ digest: Digest }),
      outcome(
        z.strictObject({
          summary: RequestSummary,
          payload: B64,
          attachments: z.array(z.strictObject({ sha256: Digest, size: Count })),
          /** Main checked the guard's signature and the request's place in the log. */
          verified: z.boolean(),
        }),
        ['unknownRequest', 'erased'],
      ),
    ),
    attachment: call(
      z.strictObject({ digest: Digest, sha256: Digest }),
      outcome(z.strictObject({ bytes: B64 }), ['unknownRequest', 'unavailable']),
    ),
    gesture: call(z.strictObject({ digest: Digest, what: z.enum(GESTURES) }), Nothing),
    decide: call(
      z.strictObject({
        digest: Digest,
        verdict: z.enum(['approve', 'deny']),
        /** SHA-256 of the text that was on screen, computed by whoever put it there. */
        viewSha256: Digest,
        reason: z.string().max(2000).optional(),
        /** `high` in a terminal and `critical`: the target's name as typed. */
        typed: z.string().max(500).optional(),
        passphrase: z.string().max(1024).optional(),
      }),
      outcome(z.strictObject({ decision: Digest }), DECIDE_CODES),
    ),
  },
  history: {
    /** Newest first, from below `before`. */
    page: call(
      z.strictObject({ before: Count.optional(), limit: Count.min(1).max(200) }),
      z.strictObject({ rows: z.array(LogRow), next: Count.optional() }),
    ),
    story: call(
      z.strictObject({ digest: Digest }),
      outcome(z.strictObject({ summary: RequestSummary, steps: z.array(StoryStep) }), [
        'unknownRequest',
      ]),
    ),
    /** Hashes every leaf again and checks every signature. */
    verify: call(
      Nothing,
      z.strictObject({
        leaves: Count,
        signatures: Count,
        /** Bodies that were erased or are not for this reviewer: their leaves are checked, their text is not. */
        withoutBody: Count,
        root: z.string(),
        checkpoint: z.string(),
        logKey: z.string(),
        problems: z.array(z.strictObject({ index: Count, says: z.string() })),
        at: Time,
      }),
    ),
  },
} as const;

export type AppContract = typeof CONTRACT;
export type Bridge = BridgeOf<AppContract>;
/** `surface` is what main knows about the caller, never what the caller says. */
export type Caller = { readonly surface: 'window' | 'terminal'; readonly caller: string };
export type Answers = AnswersOf<AppContract, Caller>;
export type Tellers = TellersOf<AppContract>;
