// A reviewer's device that wants into an organisation: its three keys are made here, the decision key under the person's
// passphrase or in the computer's key store, and never leave it. What comes back from the broker is judged against the invitation before it is pinned.

import { MIN_PASSPHRASE } from '../../shared/ipc/contract.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { Join } from '../../shared/statement/join.ts';
import { type Enrolment, ENROLMENT_SAYS, openEnrolment } from '../link/enrolment.ts';
import type { Invited } from '../link/invitation.ts';
import type { Answered } from '../link/join.ts';
import { joinKeyOf, openJoin, type OpenedJoin, signJoin } from '../link/join-statement.ts';
import type { Address } from '../link/dial-socket.ts';
import type { Home } from '../state/home.ts';
import { dropJoin, finishJoin, keepJoin, mayJoin, waitingJoin } from '../state/joined.ts';
import { loadOrCreateKey } from '../state/key-file.ts';
import { generateKeyPair } from '../trust/ed25519.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { TestOnly } from '../trust/passphrase.ts';
import { sealedPath, sealToFile, sessionPath, witnessPath } from './keys.ts';
import type { Clock, Vault } from './ports.ts';
import { wrappedPath, wrapToFile } from './vault-keys.ts';

/** While a join waits nothing else is made of this machine. */
export const JOIN_WAITS =
  'a join waits here: go on with `countersign join INVITATION`, or give it up with `countersign join --give-up`';

export type Joiner = {
  readonly id: string;
  readonly name: string;
  /** This machine's name. */
  readonly device: string;
  readonly org: string | undefined;
};

export type JoinPorts = {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: RandomBytes;
  readonly version: string;
  /** Takes the decision key; then the passphrase may be empty, and else opens a second, sealed copy. */
  readonly vault?: Vault | undefined;
  /** Kept beside the join, so that another start can go on. */
  readonly invitation?: string;
};

/** The join that waits already, so that a later try has the same words; undefined before the first. */
export function unfinishedJoin(home: Home): Result<OpenedJoin | undefined, 'joined' | 'broken'> {
  const may = mayJoin(home, 'reviewer');
  if (!may.ok) return may;
  const text = waitingJoin(home, 'reviewer');
  if (!text.ok || text.value === undefined) return text.ok ? ok(undefined) : text;
  const opened = openJoin(text.value);
  return opened.ok ? opened : fail('broken', 'the join of an earlier try cannot be read');
}

/** Makes the keys and the join that names them. 'joined' and 'broken' as in `unfinishedJoin`. */
export async function beginJoin(
  home: Home,
  { id, name, device, org }: Joiner,
  passphrase: string,
  { clock, random, version, vault, invitation }: JoinPorts,
  cost: TestOnly = {},
): Promise<Result<OpenedJoin, 'joined' | 'broken' | 'passphraseTooShort' | 'name'>> {
  const may = mayJoin(home, 'reviewer');
  if (!may.ok) return may;
  const none = vault !== undefined && passphrase === '';
  if (!none && Array.from(passphrase).length < MIN_PASSPHRASE) return fail('passphraseTooShort');
  const session = loadOrCreateKey(sessionPath(home));
  if (!session.ok) return fail('broken', session.detail);
  const witness = loadOrCreateKey(witnessPath(home));
  if (!witness.ok) return fail('broken', witness.detail);
  const decision = generateKeyPair();
  const join = Join.safeParse({
    kind: 'reviewer',
    ...(org === undefined ? {} : { org }),
    id,
    name,
    device,
    keys: {
      decision: joinKeyOf(decision),
      session: joinKeyOf(session.value),
      witness: joinKeyOf(witness.value),
    },
    clientVersion: version,
    issuedAt: new Date(clock.now()).toISOString(),
  });
  if (!join.success) return fail('name', join.error.issues[0]?.path.join('.'));
  const opened = signJoin(join.data, session.value);
  const writes = [
    // Of a try that was cut off: another way, another key.
    async () => dropJoin(home, 'reviewer', decisionFiles(home)),
    ...(vault === undefined ? [] : [() => wrapToFile(home, 'decision', decision, vault)]),
    ...(none ? [] : [() => sealToFile(home, 'decision', decision, passphrase, random, cost)]),
    // The join last: it stands for keys that are there.
    async () => keepJoin(home, 'reviewer', opened.envelope, invitation),
  ];
  for (const write of writes) {
    const written = await write();
    if (!written.ok) return fail('broken', written.detail);
  }
  return ok(opened);
}

/** Gives up: the keys that were made for it go, too. 'joined' and nothing done where the machine is in already. */
export function forgetJoin(home: Home): Result<void, 'joined' | 'io'> {
  const files = [...decisionFiles(home), sessionPath(home), witnessPath(home)];
  return dropJoin(home, 'reviewer', files);
}

const decisionFiles = (home: Home): readonly string[] => [
  wrappedPath(home, 'decision'),
  sealedPath(home, 'decision'),
];

/** What the broker answered, if it may be pinned; the detail is one sentence where it may not. */
export function judgeAnswer(
  { join }: OpenedJoin,
  invited: Invited | undefined,
  { keyrings, broker }: Answered,
  nowMs: number,
): Result<Enrolment, 'notAccepted'> {
  const enrolment = openEnrolment(keyrings, { join, invited, broker, nowMs });
  return enrolment.ok ? enrolment : fail('notAccepted', ENROLMENT_SAYS[enrolment.code]);
}

/** Pins the organisation. The person, or the invitation, has vouched for `enrolment.rootSet`. */
export function acceptEnrolment(
  home: Home,
  { join }: OpenedJoin,
  { held }: Enrolment,
  { broker }: Pick<Answered, 'broker'>,
  { url, ca, plainNetwork }: Address,
): Result<void, 'other' | 'io'> {
  const { origin, keyId: brokerKeyId } = broker;
  const endpoint = {
    url,
    origin,
    brokerKeyId,
    ...(ca === undefined ? {} : { ca }),
    ...(plainNetwork === true ? { plainNetwork } : {}),
  };
  const guard =
    join.kind === 'guard' ? { guard: { id: join.id, host: join.host, agents: join.agents } } : {};
  return finishJoin(home, join.kind, {
    keyring: held.keyring,
    envelope: held.envelope,
    endpoint,
    ...guard,
  });
}
