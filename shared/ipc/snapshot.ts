// What the window may know: main's state as plain values. Main is the truth; the window mirrors it by revision.

import * as z from 'zod';
import { TIERS } from '../domain/tier.ts';
import { Changes } from '../statement/changes.ts';
import { PRESENCES } from '../statement/decision.ts';
import { ENDINGS, RECEIPT_STATES } from '../statement/followups.ts';
import { Count, Digest, Id, Id16, Time } from '../statement/fields.ts';
import { AskedNow, OnCallState } from './on-call.ts';
import { GrantRow } from './grants.ts';
import { Reach } from './reach.ts';

const Text = z.string();

/** Why a button is off; `renderer/words` has the sentence. */
export const WHY_NOT = [
  'locked',
  'offline',
  'agentGone',
  'expired',
  'decided',
  'ended',
  'notAllowed',
  'ownAction',
  'sameHost',
  'notApprovable',
  'unverified',
  /** The policy that it was asked under is not on this machine, so what it says cannot be checked. */
  'policyMissing',
  /** Policy lets others approve this, and not this person. */
  'policyForbids',
  'sending',
  'alarm',
  /** It says that it changes a request, and nobody proposed this when that one was denied. */
  'otherParent',
  /** Critical takes a passphrase or the computer's own question, and there is neither. */
  'noPresence',
] as const;
export type WhyNot = (typeof WHY_NOT)[number];

export const Person = z.strictObject({ id: Id, name: Text, device: Id, solo: z.boolean() });

/** Key stores that keep a secret from other accounts. Windows: not from other programs of the same account. */
export const VAULT_NAMES = [
  'keychain',
  'dpapi',
  'gnome_libsecret',
  'kwallet',
  'kwallet5',
  'kwallet6',
] as const;
export type VaultName = (typeof VAULT_NAMES)[number];

/** Why the computer's key store takes or gives no key; `renderer/words` has the sentence. */
export const VAULT_TROUBLES = [
  /** This way of running has none: a page, a terminal, an older runtime. */
  'none',
  /** What is there has a fixed password, or can't be told: no protection. */
  'weak',
  /** Locked, starting or not answering: to be tried again. */
  'unavailable',
  /** The keys were put into another one. */
  'changed',
  /** It does not open them: they were damaged, or are another account's or another computer's. */
  'refused',
  /** The file that holds them is not one of this version's. */
  'damaged',
] as const;
export type VaultTrouble = (typeof VAULT_TROUBLES)[number];

export const VaultState = z.strictObject({
  /** It keeps the keys; else they lie under the passphrase alone. */
  keeps: z.boolean(),
  /** A passphrase opens the keys too, and can be asked for. */
  passphrase: z.boolean(),
  /** The store that is there now. */
  name: z.enum(VAULT_NAMES).optional(),
  /** The one that the keys were put into. */
  wrappedBy: z.enum(VAULT_NAMES).optional(),
  /** Where it keeps the keys, why they do not open; else why it is not offered. */
  trouble: z.enum(VAULT_TROUBLES).optional(),
});
export type VaultState = z.infer<typeof VaultState>;

/** Absent until the app has looked. */
const vault = VaultState.optional();

export const KeyState = z.discriminatedUnion('state', [
  /** No keyring yet: first run. */
  z.strictObject({ state: z.literal('absent'), vault }),
  z.strictObject({ state: z.literal('locked'), vault }),
  /** Without an end where the computer's key store opened it. */
  z.strictObject({ state: z.literal('unlocked'), until: Time.optional(), vault }),
]);
export type KeyState = z.infer<typeof KeyState>;

/** `stranger`: whoever answers at the broker's address is not the broker of the keyring. */
export const LinkState = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('starting') }),
  /** `exposed`: no TLS, and not on this machine alone: others on the network can read along. */
  z.strictObject({ state: z.literal('online'), since: Time, exposed: z.boolean().optional() }),
  z.strictObject({ state: z.literal('offline'), since: Time, why: Text }),
  z.strictObject({ state: z.literal('stranger'), since: Time }),
]);

/** Why this device is not let in; nothing of it is trusted yet. */
export const JOIN_TROUBLES = [
  /** No broker answers there, or nobody vouches for its certificate. */
  'stranger',
  /** The broker refused; `detail` says why. */
  'refused',
  /** The keyring that came back is not the one of the invitation, or has other keys; `detail` says which. */
  'notAccepted',
  /** A person said that the words of the roots differ. */
  'rootsDiffer',
  /** What came could not be kept; `detail` says why. */
  'failed',
] as const;
export type JoinTrouble = (typeof JOIN_TROUBLES)[number];

/** This device has made its keys and waits to be let into a team. */
export const Joining = z.strictObject({
  /** SHA-256 of what it asks for, and its words: what an administrator compares. */
  id: Digest,
  words: Text,
  /** As whom. */
  person: z.strictObject({ id: Id, name: Text, device: Id }),
  /** `asking`: not kept by the broker yet. `compare`: a person must compare `rootWords`. `stopped`: `trouble` says why. */
  state: z.enum(['asking', 'waiting', 'offline', 'compare', 'stopped']),
  org: Id.optional(),
  rootWords: Text.optional(),
  trouble: z.strictObject({ code: z.enum(JOIN_TROUBLES), detail: Text.optional() }).optional(),
});
export type Joining = z.infer<typeof Joining>;

export const LogState = z.strictObject({
  /** Leaves this machine holds and has checked. */
  size: Count,
  checkpoint: z.strictObject({ size: Count, at: Time }).optional(),
  /** The log and this machine's own copy disagree: nothing may be approved. */
  alarm: z.strictObject({ code: Text, detail: Text, at: Time }).optional(),
});

export type LogState = z.infer<typeof LogState>;

export const DecisionSummary = z.strictObject({
  sha256: Digest,
  verdict: z.enum(['approve', 'deny']),
  reviewer: Text,
  presence: z.enum(PRESENCES),
  reason: Text.optional(),
  /** What a denial proposes instead. */
  changes: Changes.optional(),
  at: Time,
});

export const RequestSummary = z.strictObject({
  digest: Digest,
  requestId: Id16,
  index: Count,
  title: Text,
  target: Text,
  reason: Text,
  agent: Text,
  onBehalfOf: Text,
  guard: Text,
  host: Text,
  tier: z.enum(TIERS),
  createdAt: Time,
  expiresAt: Time,
  stage: z.enum(['open', 'decided', 'ended']),
  how: z.enum(ENDINGS).optional(),
  run: z.enum(RECEIPT_STATES).optional(),
  exit: Text.optional(),
  guardState: z.enum(['here', 'gone']),
  /** The same for requests of one agent for one action: they fold into one row, and each is decided by itself. */
  repeats: Digest.optional(),
  decisions: z.array(DecisionSummary),
  /** The denied request that it changes. */
  parent: Digest.optional(),
  /** Signed and on its way; the log does not have it yet. */
  sending: z.enum(['approve', 'deny']).optional(),
  /** Absent where the button is on. */
  approveOff: z.enum(WHY_NOT).optional(),
  denyOff: z.enum(WHY_NOT).optional(),
  /** Only while it is open and the rota routes it. */
  asked: AskedNow.optional(),
});
export type RequestSummary = z.infer<typeof RequestSummary>;

export const Snapshot = z.strictObject({
  revision: Count,
  host: z.enum(['electron', 'browser', 'terminal']),
  version: Text,
  person: Person.optional(),
  key: KeyState,
  link: LinkState,
  log: LogState,
  /** Every request that has not ended, oldest first, and the latest 50 that have. */
  requests: z.array(RequestSummary),
  /** What may be done again without asking, and what was in the last day; absent until the app has looked. */
  grants: z.array(GrantRow).optional(),
  /** Absent until the app has looked. */
  reach: Reach.optional(),
  /** Absent where the broker has no rota. */
  onCall: OnCallState.optional(),
  /** Only on a device that asks to join a team. */
  joining: Joining.optional(),
});
export type Snapshot = z.infer<typeof Snapshot>;

export const Change = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('person'), value: Person }),
  z.strictObject({ what: z.literal('key'), value: KeyState }),
  z.strictObject({ what: z.literal('link'), value: LinkState }),
  z.strictObject({ what: z.literal('log'), value: LogState }),
  z.strictObject({ what: z.literal('reach'), value: Reach }),
  z.strictObject({ what: z.literal('grants'), value: z.array(GrantRow) }),
  z.strictObject({ what: z.literal('onCall'), value: OnCallState }),
  /** Without a value: it is over. */
  z.strictObject({ what: z.literal('joining'), value: Joining.optional() }),
  z.strictObject({ what: z.literal('request'), value: RequestSummary }),
  /** It has left the desk and the latest 50; history has it. */
  z.strictObject({ what: z.literal('requestGone'), digest: Digest }),
]);
export type Change = z.infer<typeof Change>;
