// A wish to allow again becomes signed terms, and a wish to end one its signed end. Main makes the terms, the window shows their
// exact text and says its digest, main renders them again: what is signed is what was on screen (promise 3).

import { toB64, toHex, utf8 } from '../../shared/bytes.ts';
import { whyNotApprove } from '../../shared/domain/approval.ts';
import { mayEndGrant, whyNotGrantable, whyNotNow } from '../../shared/domain/grant.ts';
import type { Answers, Caller } from '../../shared/ipc/contract.ts';
import type { GrantCode, GrantForm, GrantWish } from '../../shared/ipc/grants.ts';
import { WIRE_CODES } from '../../shared/protocol/codes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { type Cj, encodeCj } from '../../shared/statement/cj1.ts';
import { type Grant, type GrantEnd, GrantTerms } from '../../shared/statement/grant.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { TERMS_RENDERER, termsBytes } from '../../shared/statement/terms-text.ts';
import { rawOfText } from '../../shared/statement/text.ts';
import { conditionHolds, readCondition } from '../policy/cedar/condition.ts';
import { circumstancesOf, type Policy } from '../policy/policy.ts';
import { sha256Hex } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { seal } from '../trust/envelope.ts';
import type { AnswerPorts } from './answers.ts';
import type { DeskEntry } from './desk.ts';
import { suggestConditions } from './grant-conditions.ts';
import { digestOfTerms } from './grants.ts';
import { unlock } from './keys-answers.ts';
import type { StoredDecision } from './ports.ts';
import type { Session } from './session.ts';

/** As a card: whatever is pressed so soon after it appeared was not meant for it. */
const LOOK_MS = 500;
const MAX_PROPOSED = 32;

type Find = (session: Session, digest: string) => Promise<DeskEntry | undefined>;
type Proposed = { readonly terms: GrantTerms; readonly request: string; readonly at: number };
type Of<K extends keyof Answers['grant']> = Answers['grant'][K];

export function buildGrantAnswers(by: AnswerPorts, find: Find): Answers['grant'] {
  /** Terms that a person is looking at, by their digest; the newest few. */
  const proposed = new Map<string, Proposed>();
  const propose = (request: string, terms: GrantTerms): ReturnType<Of<'propose'>> => {
    const digest = digestOfTerms(terms);
    proposed.delete(digest);
    proposed.set(digest, { terms, request, at: by.ports.clock.monotonic() });
    const [oldest] = proposed.keys();
    if (proposed.size > MAX_PROPOSED && oldest !== undefined) proposed.delete(oldest);
    return Promise.resolve(ok({ digest, terms }));
  };
  return {
    form: async ({ digest }) => {
      const session = by.session();
      const entry = session && (await find(session, digest));
      if (!session || !entry) return fail('unknownRequest');
      return ok(formOf(by, session, entry));
    },
    propose: async ({ digest, wish, join }) => {
      const session = by.session();
      const entry = session && (await find(session, digest));
      if (!session || !entry) return fail('unknownRequest');
      const off = whyOff(by, session, entry);
      if (off) return fail(off);
      if (join !== undefined) {
        const here = session.grants.book.ofRequest(digest, by.ports.clock.now());
        const terms = here.some((one) => one.terms === join) && session.grants.book.terms(join);
        return terms ? propose(digest, terms) : fail('termsGone');
      }
      if (wish === undefined) return fail('termsGone');
      const made = termsOf(session, entry, wish, by.ports.clock.now());
      return made.ok ? propose(digest, made.value) : made;
    },
    give: async (input, caller) => {
      const at = by.ports.clock.monotonic();
      const one = proposed.get(input.terms);
      const session = by.session();
      const entry = session && one && (await find(session, one.request));
      if (!session || !one || !entry) return fail('termsGone');
      if (at - one.at < LOOK_MS) return fail('tooSoon');
      if (input.viewSha256 !== sha256Hex(termsBytes(one.terms))) return fail('viewDiffers');
      return give(by, session, entry, one.terms, { ...input, caller });
    },
    end: (input) => endGrant(by, input, find),
  };
}

function formOf(by: AnswerPorts, session: Session, entry: DeskEntry): GrantForm {
  const off = whyOff(by, session, entry);
  const now = by.ports.clock.now();
  const { me } = session.standing();
  const policy = policyOf(session);
  return {
    ...(off ? { off } : {}),
    conditions:
      policy === undefined || whyNotGrantable(entry.request)
        ? []
        : suggestConditions(entry.request, policy),
    waiting: session.grants.book
      .ofRequest(entry.digest, now)
      .filter(({ by: signers }) => !signers.includes(me.id))
      .map(({ terms }) => terms),
  };
}

/** The policy in force: a grant under another one would let nothing run. */
function policyOf(session: Session): Policy | undefined {
  const policy = session.shelf.inForce(session.keyring().keyring.policies);
  return policy.ok ? policy.value : undefined;
}

function whyOff(by: AnswerPorts, session: Session, entry: DeskEntry): GrantCode | undefined {
  const { alarmed, online, unlocked, keyring, me, proven, policies } = session.standing();
  const { request } = entry;
  if (alarmed) return 'alarm';
  const not = whyNotGrantable(request);
  if (not === 'tierTooHigh' || not === 'notUnderstood' || not === 'secrets') return not;
  if (!entry.signed || entry.index >= proven) return 'unverified';
  if (policies.check(entry, keyring) !== 'agrees') return 'unverified';
  const mine = entry.decisions.some(
    ({ says }) => says.reviewer.id === me.id && says.verdict === 'approve',
  );
  if (!mine) return 'notApproved';
  const allowed =
    whyNotApprove(request, me, keyring.keyring) === undefined &&
    policies.lets(entry, keyring, me, by.ports.clock.now());
  if (!allowed) return 'notAllowed';
  if (request.policy.sha256 !== policyOf(session)?.sha256) return 'termsGone';
  if (!unlocked) return 'locked';
  return online ? undefined : 'offline';
}

function termsOf(
  session: Session,
  { request }: DeskEntry,
  { when, uses, perHour, forMs }: GrantWish,
  now: number,
): Result<GrantTerms, GrantCode> {
  const policy = policyOf(session);
  if (policy === undefined) return fail('termsGone');
  if (when !== undefined) {
    const read = readCondition(when, policy);
    if (!read.ok) return fail('badCondition', read.detail);
    const { facts, evaluatedAt } = request;
    const holds = conditionHolds(when, policy, facts, evaluatedAt, circumstancesOf(request));
    if (!holds.ok) return fail('badCondition', holds.detail);
    if (!holds.value) return fail('noMatch');
  }
  const { org, log } = request;
  const terms = GrantTerms.safeParse({
    org,
    log,
    guard: request.guard.id,
    agent: request.agent.id,
    onBehalfOf: request.agent.onBehalfOf,
    policy: policy.sha256,
    tier: request.policy.tier,
    actions: when === undefined ? { same: sha256Hex(encodeCj(request.action as Cj)) } : { when },
    uses,
    ...(perHour === undefined ? {} : { perHour }),
    from: new Date(now).toISOString(),
    until: new Date(now + forMs).toISOString(),
  });
  return terms.success ? ok(terms.data) : fail('badCondition', terms.error.issues[0]?.message);
}

type Giving = Parameters<Of<'give'>>[0] & { readonly caller: Caller };

async function give(
  by: AnswerPorts,
  session: Session,
  entry: DeskEntry,
  terms: GrantTerms,
  { passphrase, reason, caller }: Giving,
): ReturnType<Of<'give'>> {
  if (passphrase !== undefined && !(await unlock(by, passphrase)).ok)
    return fail('wrongPassphrase');
  if (whyNotNow(terms, by.ports.clock.now()) === 'over') return fail('over');
  const signed = await session.oneAtATime(async () => {
    // Asked again inside: another surface may have changed something while this one waited.
    const off = whyOff(by, session, entry);
    if (off) return fail(off);
    const key = by.keys.decision();
    const checkpoint = session.replica.checkpoint();
    if (key === undefined || checkpoint === undefined) return fail('locked');
    const { keyring, sha256 } = session.keyring();
    const grant: Grant = {
      request: entry.digest,
      terms,
      reviewer: await reviewerOf(by, session, key),
      view: { renderer: TERMS_RENDERER, sha256: sha256Hex(termsBytes(terms)) },
      keyring: { version: keyring.version, sha256 },
      checkpoint: toB64(utf8(checkpoint.note)),
      presence: caller.surface === 'terminal' ? 'terminal' : 'click',
      ...(reason === undefined || reason.trim() === '' ? {} : { reason: rawOfText(reason.trim()) }),
      issuedAt: new Date(by.ports.clock.now()).toISOString(),
    };
    return store(by, key, 'grant', encodeStatement('grant', grant), entry.digest, grant.reviewer);
  });
  if (!signed.ok) return signed;
  const sent = await deliver(session, 'grant', signed.value);
  return sent.ok ? ok({ grant: signed.value.sha256 }) : sent;
}

async function endGrant(
  by: AnswerPorts,
  { terms, passphrase, reason }: Parameters<Of<'end'>>[0],
  find: Find,
): ReturnType<Of<'end'>> {
  const session = by.session();
  const row = session?.grants.book
    .rows(session.standing().me, by.ports.clock.now())
    .find((one) => one.terms === terms);
  if (!session || !row) return fail('termsGone');
  if (passphrase !== undefined && !(await unlock(by, passphrase)).ok)
    return fail('wrongPassphrase');
  const { online, unlocked, keyring, me } = session.standing();
  const entry = await find(session, row.request);
  if (!mayEndGrant(keyring.keyring, entry?.request.policy.needs ?? [], me))
    return fail('notAllowed');
  if (!unlocked) return fail('locked');
  if (!online) return fail('offline');
  const signed = await session.oneAtATime(async () => {
    const key = by.keys.decision();
    if (key === undefined) return fail('locked');
    const end: GrantEnd = {
      request: row.request,
      terms,
      reviewer: await reviewerOf(by, session, key),
      ...(reason === undefined || reason.trim() === '' ? {} : { reason: rawOfText(reason.trim()) }),
      at: new Date(by.ports.clock.now()).toISOString(),
    };
    const payload = encodeStatement('grantEnd', end);
    return store(by, key, 'grantEnd', payload, row.request, end.reviewer);
  });
  if (!signed.ok) return signed;
  const sent = await deliver(session, 'grantEnd', signed.value);
  return sent.ok ? ok({ end: signed.value.sha256 }) : sent;
}

/** Next in the chain of this device's key. */
async function reviewerOf(
  { ports }: AnswerPorts,
  session: Session,
  key: KeyPair,
): Promise<Grant['reviewer']> {
  const place = await ports.store.nextDecision(key.keyId);
  const { me } = session.standing();
  return { id: me.id, keyId: key.keyId, device: me.device, ...place };
}

async function store(
  { ports }: AnswerPorts,
  key: KeyPair,
  type: 'grant' | 'grantEnd',
  payload: Uint8Array,
  request: string,
  { seq }: Grant['reviewer'],
): Promise<Result<StoredDecision, GrantCode>> {
  const signed: StoredDecision = {
    sha256: sha256Hex(payload),
    keyId: key.keyId,
    seq,
    request,
    envelope: seal(payloadTypeOf(type), payload, key),
    messageId: toHex(ports.random(16)),
    state: 'sending',
    code: undefined,
  };
  await ports.store.putDecision(signed);
  return ok(signed);
}

/** Outside the turn: a connection that is lost now must not keep anybody from deciding. */
async function deliver(
  session: Session,
  type: 'grant' | 'grantEnd',
  signed: StoredDecision,
): Promise<Result<void, GrantCode>> {
  const refused = await session.grants.deliver(type, signed);
  if (refused === undefined) return ok(undefined);
  return refused === 'closed' ? fail('waiting') : fail('refused', WIRE_CODES[refused].says);
}
