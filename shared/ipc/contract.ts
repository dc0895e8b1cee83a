// THE contract between the reviewer app and whatever shows it: a window, a page, a terminal.
// Main's answers, the bridge, the fakes of tests and every channel name derive from this one object.

import * as z from 'zod';
import { Changes } from '../statement/changes.ts';
import { GrantTerms } from '../statement/grant.ts';
import { B64, Count, Digest, Id, Time } from '../statement/fields.ts';
import { type AnswersOf, type BridgeOf, call, event } from './define.ts';
import {
  CardHistory,
  CheckedSigner,
  EvidenceBound,
  EXPORT_FORMATS,
  Exported,
  FoundRows,
  HistoryCharts,
  HistoryFilters,
  HistoryText,
  SavedView,
  VALUE_FIELDS,
} from './history.ts';
import { CardExplanation, EXPLAIN_CODES } from './explain.ts';
import { GRANT_CODES, GrantForm, GrantWish } from './grants.ts';
import { Diagnosis, NOTICE_TROUBLES } from './reach.ts';
import { SettingsChange, SettingsValues, START_AT_LOGIN } from './settings.ts';
import { Change, RequestSummary, Snapshot, WHY_NOT } from './snapshot.ts';
import { LogRow, ParentTold, StoryStep } from './story.ts';

const Nothing = z.strictObject({});

const outcome = <T extends z.ZodType, const C extends readonly [string, ...string[]]>(
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
  /** What was proposed instead is no change of this request; `detail` says why. */
  'badChanges',
  /** Signed, sent, and not taken by the broker; `detail` says why. */
  'refused',
] as const;
export type DecideCode = (typeof DECIDE_CODES)[number];

/** Why nothing was erased. */
export const ERASE_CODES = [
  'locked',
  'offline',
  'alarm',
  'notAllowed',
  'unknownRequest',
  'stillOpen',
  'erased',
  'reasonMissing',
  'wrongPassphrase',
  /** Signed and not taken by the broker; `detail` says why. */
  'refused',
  /** Signed and sent; whether it is logged is not known yet. */
  'waiting',
] as const;
export type EraseCode = (typeof ERASE_CODES)[number];

/** Why no keys were made, or nobody was asked. */
export const JOIN_CODES = [
  'invitation',
  /** The address is not encrypted, and not on this machine. */
  'notEncrypted',
  'passphraseTooShort',
  /** This machine is in an organisation already, or asks to be. */
  'done',
  /** `detail`: the name and id under which it asks. */
  'otherName',
  'failed',
] as const;
export type JoinCode = (typeof JOIN_CODES)[number];

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

export const CONTRACT = {
  app: {
    snapshot: call(Nothing, Snapshot),
    changed: event(z.strictObject({ revision: Count, changes: z.array(Change) })),
    /** Bring yourself to the front, on this request: a second start, a notification, a person who asked. */
    raised: event(z.strictObject({ request: Digest.optional() })),
  },
  setup: {
    /** First run, solo: makes every key on the spot. */
    solo: call(
      z.strictObject({
        id: Id,
        name: z.string().min(1).max(100),
        /** Empty: none, which only the computer's key store makes possible. */
        passphrase: z.string().max(1024),
        /** The keys go into the computer's key store; else under the passphrase alone. */
        inVault: z.boolean().optional(),
      }),
      outcome(Nothing, ['passphraseTooShort', 'done', 'failed']),
    ),
    /** What the form starts with. */
    suggestion: call(
      Nothing,
      z.strictObject({ id: z.string(), name: z.string(), home: z.string() }),
    ),
    /** First run, a team: makes this device's keys and asks to be let in. How it goes is in the snapshot's `joining`. */
    join: call(
      z.strictObject({
        invitation: z.string().max(2048),
        id: Id,
        name: z.string().min(1).max(100),
        /** As for `solo`. */
        passphrase: z.string().max(1024),
        inVault: z.boolean().optional(),
      }),
      outcome(z.strictObject({ id: Digest, words: z.string() }), JOIN_CODES),
    ),
    /** What a person says about the words of the roots, after comparing them with an administrator. */
    confirmRoots: call(
      z.strictObject({ yes: z.boolean() }),
      outcome(Nothing, ['notComparing', 'failed']),
    ),
    /** Asks once more after a refusal, with the same keys and words. */
    askAgain: call(Nothing, Nothing),
    /** Gives up and throws this device's new keys away: first run again. */
    stopJoining: call(Nothing, outcome(Nothing, ['failed'])),
  },
  key: {
    /** Without a passphrase the computer's key store opens it; why it doesn't is in the snapshot. */
    unlock: call(
      z.strictObject({ passphrase: z.string().max(1024).optional() }),
      outcome(z.strictObject({ until: Time.optional() }), ['wrongPassphrase', 'absent', 'failed']),
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
          /** Of a changed request. `fits`: it is what was proposed when its parent was denied, by main's own copy of the log. */
          parent: ParentTold.optional(),
        }),
        ['unknownRequest', 'erased'],
      ),
    ),
    attachment: call(
      z.strictObject({ digest: Digest, sha256: Digest }),
      outcome(z.strictObject({ bytes: B64 }), ['unknownRequest', 'unavailable']),
    ),
    /** Why it is held and what it still takes, in words; no part of its view. */
    explain: call(z.strictObject({ digest: Digest }), outcome(CardExplanation, EXPLAIN_CODES)),
    /** Asked for once the card is there; no part of its view. */
    history: call(z.strictObject({ digest: Digest }), outcome(CardHistory, ['unknownRequest'])),
    gesture: call(z.strictObject({ digest: Digest, what: z.enum(GESTURES) }), Nothing),
    decide: call(
      z.strictObject({
        digest: Digest,
        verdict: z.enum(['approve', 'deny']),
        /** SHA-256 of the text that was on screen, computed by whoever put it there. */
        viewSha256: Digest,
        reason: z.string().max(2000).optional(),
        /** With a denial: what to ask instead. */
        changes: Changes.optional(),
        /** `high` in a terminal and `critical`: the target's name as typed. */
        typed: z.string().max(500).optional(),
        passphrase: z.string().max(1024).optional(),
      }),
      outcome(z.strictObject({ decision: Digest }), DECIDE_CODES),
    ),
    /** An administrator erases the texts of an ended request, from the log and from every copy of it: `ok` once it is logged. */
    erase: call(
      z.strictObject({
        digest: Digest,
        /** `all`: the request's own and those of its decisions. */
        what: z.enum(['all', 'decisions']),
        /** Logged for good. */
        reason: z.string().min(1).max(500),
        passphrase: z.string().max(1024).optional(),
      }),
      outcome(z.strictObject({ erasure: Digest, texts: Count }), ERASE_CODES),
    ),
  },
  grant: {
    /** Whether this person may allow this request's action again, and what a card suggests. */
    form: call(z.strictObject({ digest: Digest }), outcome(GrantForm, GRANT_CODES)),
    /** The exact terms of a wish, or those that another person has signed: whoever shows them renders and hashes them. */
    propose: call(
      z.strictObject({
        digest: Digest,
        wish: GrantWish.optional(),
        /** Digest of the terms. */
        join: Digest.optional(),
      }),
      outcome(z.strictObject({ digest: Digest, terms: GrantTerms }), GRANT_CODES),
    ),
    /** Signs proposed terms: `ok` once it is logged. */
    give: call(
      z.strictObject({
        terms: Digest,
        /** SHA-256 of the text of the terms that was on screen, computed by whoever put it there. */
        viewSha256: Digest,
        reason: z.string().max(2000).optional(),
        passphrase: z.string().max(1024).optional(),
      }),
      outcome(z.strictObject({ grant: Digest }), GRANT_CODES),
    ),
    /** Everybody's grant of these terms ends: `ok` once it is logged. */
    end: call(
      z.strictObject({
        terms: Digest,
        reason: z.string().max(500).optional(),
        passphrase: z.string().max(1024).optional(),
      }),
      outcome(z.strictObject({ end: Digest }), GRANT_CODES),
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
      outcome(
        z.strictObject({
          summary: RequestSummary,
          steps: z.array(StoryStep),
          /** What was asked in place of it, after a denial that proposed something else. */
          child: Digest.optional(),
        }),
        ['unknownRequest'],
      ),
    ),
    /** Requests, newest first, from below `before`. Bounded in time: see `FoundRows`. */
    search: call(
      z.strictObject({
        text: HistoryText.optional(),
        filters: HistoryFilters,
        before: Count.optional(),
        limit: Count.min(1).max(200),
      }),
      FoundRows,
    ),
    /** What a filter can be set to, most frequent first; `starts` is a beginning, in any case. */
    values: call(
      z.strictObject({
        of: z.enum(VALUE_FIELDS),
        starts: z.string().max(100).optional(),
        limit: Count.min(1).max(100),
      }),
      z.strictObject({ values: z.array(z.strictObject({ value: z.string(), count: Count })) }),
    ),
    /** `zone`: an IANA name, in which days begin. */
    charts: call(
      z.strictObject({ filters: HistoryFilters, zone: z.string().min(1).max(64) }),
      outcome(HistoryCharts, ['unknownZone']),
    ),
    /** By name. */
    saved: call(Nothing, z.strictObject({ views: z.array(SavedView) })),
    /** One of the same name is replaced. */
    savedPut: call(SavedView, outcome(Nothing, ['full'])),
    savedRemove: call(z.strictObject({ name: SavedView.shape.name }), Nothing),
    /** Main chooses the file, in a private folder of its own; `exported` tells how it goes. One at a time. */
    export: call(
      z.strictObject({
        format: z.enum(EXPORT_FORMATS),
        text: HistoryText.optional(),
        filters: HistoryFilters,
      }),
      outcome(z.strictObject({ id: Count }), ['busy', 'failed']),
    ),
    /**
     * A range of the log as a bundle that an auditor verifies without us; both ends are optional. Told of, cancelled and
     * one at a time as `export`.
     */
    evidence: call(
      z.strictObject({
        from: EvidenceBound.optional(),
        to: EvidenceBound.optional(),
        request: Digest.optional(),
      }),
      outcome(z.strictObject({ id: Count }), ['busy', 'failed']),
    ),
    exportCancel: call(z.strictObject({ id: Count }), Nothing),
    exported: event(Exported),
    /** How far a running `verify` is, in log entries. */
    verifying: event(z.strictObject({ done: Count, of: Count })),
    verifyCancel: call(Nothing, Nothing),
    /** Hashes every leaf again and checks every signature. */
    verify: call(
      Nothing,
      z.strictObject({
        leaves: Count,
        signatures: Count,
        /** With whose keys: their counts add up to `signatures`. */
        signers: z.array(CheckedSigner),
        /** Bodies that are not for this reviewer, or missing: their leaves are checked, their text is not. */
        withoutBody: Count,
        /** Bodies that an erasure in the log took; not among `withoutBody`. */
        erased: Count.optional(),
        /** Bodies that are here under a key that this reader was not given. */
        sealed: Count.optional(),
        root: z.string(),
        checkpoint: z.string(),
        logKey: z.string(),
        problems: z.array(z.strictObject({ index: Count, says: z.string() })),
        at: Time,
        /** It was cancelled: what is said is of the entries up to `leaves` only. */
        stopped: z.literal(true).optional(),
      }),
    ),
  },
  settings: {
    get: call(Nothing, SettingsValues),
    /** All of it or nothing. A snooze is set by `attention.snooze`. */
    set: call(SettingsChange.omit({ snoozeUntil: true }), outcome(SettingsValues, ['notStored'])),
    /** Whether the app starts when this person logs in: as the OS has it now, never as it was wished. */
    startAtLogin: call(Nothing, z.strictObject({ state: z.enum(START_AT_LOGIN) })),
    /** `cannot`: this host has no such thing. `failed`: it was tried, and the OS does not have it so. */
    setStartAtLogin: call(
      z.strictObject({ on: z.boolean() }),
      outcome(z.strictObject({ state: z.enum(START_AT_LOGIN) }), ['cannot', 'failed']),
    ),
  },
  attention: {
    /** Nothing is announced before `until`; of one request where it is named. In the past: no longer. */
    snooze: call(
      z.strictObject({ until: Time, request: Digest.optional() }),
      outcome(
        z.strictObject({
          /** Somebody else may decide each request that this holds back. */
          handsOver: z.boolean(),
        }),
        ['tooLong', 'unknownRequest', 'notStored'],
      ),
    ),
    /** This person leaves it to the others; refused where there are none. */
    handOver: call(
      z.strictObject({ request: Digest }),
      outcome(Nothing, ['nobodyElse', 'unknownRequest']),
    ),
    /** Others are asked first until then; without a time: here again. */
    away: call(
      z.strictObject({ until: Time.optional() }),
      outcome(Nothing, ['offline', 'tooLong', 'failed']),
    ),
    /** Shows one notification that decides nothing; what came of it, as far as the OS says. */
    test: call(Nothing, outcome(Diagnosis, NOTICE_TROUBLES)),
    /** Looks at the OS again. */
    diagnosis: call(Nothing, Diagnosis),
  },
} as const;

export type AppContract = typeof CONTRACT;
export type Bridge = BridgeOf<AppContract>;
/** `surface` is what main knows about the caller, never what the caller says. */
export type Caller = { readonly surface: 'window' | 'terminal'; readonly caller: string };
export type Answers = AnswersOf<AppContract, Caller>;
