// The next version of a keyring: the one before with what was asked for changed, and nothing else. Keys are ended, never
// dropped; what cannot be done is one sentence.

import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Tier } from '../../../shared/domain/tier.ts';
import type { Join } from '../../../shared/statement/join.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { ADMINISTRATORS } from '../../../shared/domain/administrators.ts';
import type { PublicFileOf } from '../../state/public-file.ts';
import type { HeldKeyring, Root } from '../../trust/keyring.ts';

const DAY_MS = 24 * 3600 * 1000;

export type Enrol = {
  readonly join: Join;
  readonly groups: readonly string[];
  /** Undefined: as the join says. */
  readonly agents: readonly string[] | undefined;
  readonly maxTier: Tier;
};

export type End = {
  readonly what: 'person' | 'guard' | 'device' | 'key';
  readonly id: string;
  readonly why: string;
};

export type Edits = {
  readonly enrol: readonly Enrol[];
  readonly end: readonly End[];
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly dropGroups: readonly string[];
  /** Person to all of their groups. */
  readonly members: readonly { readonly id: string; readonly groups: readonly string[] }[];
  readonly owners: readonly { readonly agent: string; readonly owner: string }[];
  readonly dropOwners: readonly string[];
  readonly policies: Keyring['policies'];
  readonly dropPolicies: readonly string[];
  readonly threshold: number | undefined;
  /** All of them, in the place of those before. */
  readonly roots: readonly Root[] | undefined;
  /** From solo to team: everybody in it administers. */
  readonly team: boolean;
  /** A log that begins again, in the place of one that was lost or went back; and the broker that keeps it. */
  readonly epoch: Epoch | undefined;
};

export type Epoch = {
  readonly log: Keyring['log'];
  readonly broker: Pick<PublicFileOf<'broker'>, 'id' | 'session' | 'log'>;
};

export const NO_EDITS: Edits = {
  enrol: [],
  end: [],
  groups: [],
  dropGroups: [],
  members: [],
  owners: [],
  dropOwners: [],
  policies: [],
  dropPolicies: [],
  threshold: undefined,
  roots: undefined,
  team: false,
  epoch: undefined,
};

type Stamp = {
  readonly nowMs: number;
  readonly days: number;
  /** Where new keys begin and ended keys end: entries that the log has now. */
  readonly index: number | undefined;
  /** Entries that the broker has just shown, where it was reached: an end beyond them lies ahead. */
  readonly size?: number | undefined;
  /** Why there is no index, where there is none. */
  readonly why?: string | undefined;
};

export function nextVersion(
  before: HeldKeyring,
  edits: Edits,
  { nowMs, days, index, size, why = 'this machine has no copy of the log' }: Stamp,
): Result<Keyring, 'edit'> {
  if (index === undefined && edits.end.length > 0 && edits.epoch === undefined)
    return fail('edit', `${why}: say from which entry on (--from-index)`);
  // Nobody could have used a new key before: from the beginning is as good where the log is not here.
  // A log that begins again has no entries.
  const from = edits.epoch === undefined ? (index ?? 0) : 0;
  const at = { from, size: edits.epoch === undefined ? size : undefined };
  let next: Result<Keyring, 'edit'> = ok({
    ...before.keyring,
    version: before.keyring.version + 1,
    prevSha256: before.sha256,
    issuedAt: new Date(nowMs).toISOString(),
    expires: new Date(nowMs + days * DAY_MS).toISOString(),
  });
  const steps = [
    ...(edits.team ? [becomeTeam] : []),
    ...(edits.epoch === undefined ? [] : [beginAgain(edits.epoch)]),
    (keyring: Keyring) => withLists(keyring, edits),
    ...edits.members.map((member) => (keyring: Keyring) => withGroups(keyring, member)),
    ...edits.enrol.map((enrol) => (keyring: Keyring) => enrolled(keyring, enrol, from)),
    ...edits.end.map((end) => (keyring: Keyring) => withEnd(keyring, end, at)),
  ];
  for (const step of steps) if (next.ok) next = step(next.value);
  return next;
}

/** Solo waives nothing any more; who was alone administers what becomes of it. */
function becomeTeam(keyring: Keyring): Result<Keyring, 'edit'> {
  if (!keyring.solo) return fail('edit', `${keyring.org} is a team already`);
  const reviewers = keyring.reviewers.map((one) => ({
    ...one,
    groups: [...new Set([...one.groups, ADMINISTRATORS])],
  }));
  return ok(withGroup({ ...keyring, solo: false, reviewers }, ADMINISTRATORS));
}

/**
 * Indexes are places in one log: in the next, who may sign may from its beginning, and who was ended never could. Brokers
 * of the old log end with it.
 */
const beginAgain =
  ({ log, broker }: Epoch) =>
  (keyring: Keyring): Result<Keyring, 'edit'> => {
    if (log.vkey === keyring.log.vkey)
      return fail('edit', `${keyring.org} has this log already: give it another name (--log)`);
    const again = <K extends { untilIndex?: number | undefined }>(keys: readonly K[]): K[] =>
      keys.map((key) => ({
        ...key,
        fromIndex: 0,
        ...(key.untilIndex === undefined ? {} : { untilIndex: 0 }),
      }));
    const kept = new Set([broker.session.keyId, broker.log.keyId]);
    const brokers = keyring.brokers.map((one) => ({
      ...one,
      keys: again(one.keys).map((key) =>
        kept.has(key.keyId) || key.untilIndex !== undefined
          ? key
          : { ...key, untilIndex: 0, why: 'of the log before' },
      ),
    }));
    const there = new Set(brokers.flatMap(({ keys }) => keys.map(({ keyId }) => keyId)));
    const fresh = (['session', 'log'] as const)
      .map((use) => ({ ...broker[use], use, fromIndex: 0 }))
      .filter(({ keyId }) => !there.has(keyId));
    const row = brokers.find(({ id }) => id === broker.id);
    return ok({
      ...keyring,
      log,
      brokers:
        row === undefined
          ? [...brokers, { id: broker.id, keys: fresh }]
          : brokers.map((one) => (one === row ? { ...one, keys: [...one.keys, ...fresh] } : one)),
      reviewers: keyring.reviewers.map((one) => ({ ...one, keys: again(one.keys) })),
      guards: keyring.guards.map((one) => ({ ...one, keys: again(one.keys) })),
      channels: keyring.channels.map((one) => ({ ...one, keys: again(one.keys) })),
    });
  };

function withLists(keyring: Keyring, edits: Edits): Result<Keyring, 'edit'> {
  const { dropGroups, dropOwners, dropPolicies } = edits;
  const unknown =
    dropGroups.find((id) => !keyring.groups.some((group) => group.id === id)) ??
    dropOwners.find((agent) => !keyring.owners.some((one) => one.agent === agent)) ??
    dropPolicies.find((name) => !keyring.policies.some((one) => one.name === name));
  if (unknown !== undefined)
    return fail('edit', `${unknown}: the keyring has no such thing to remove`);
  const keepBy = <T>(all: readonly T[], added: readonly T[], id: (one: T) => string): T[] => [
    ...all.filter((one) => !added.some((other) => id(other) === id(one))),
    ...added,
  ];
  return ok({
    ...keyring,
    threshold: edits.threshold ?? keyring.threshold,
    roots: [...(edits.roots ?? keyring.roots)],
    groups: keepBy(keyring.groups, edits.groups, ({ id }) => id).filter(
      ({ id }) => !dropGroups.includes(id),
    ),
    reviewers: keyring.reviewers.map((one) => ({
      ...one,
      groups: one.groups.filter((id) => !dropGroups.includes(id)),
    })),
    owners: keepBy(keyring.owners, edits.owners, ({ agent }) => agent).filter(
      ({ agent }) => !dropOwners.includes(agent),
    ),
    policies: keepBy(keyring.policies, edits.policies, ({ name }) => name).filter(
      ({ name }) => !dropPolicies.includes(name),
    ),
  });
}

function withGroups(
  keyring: Keyring,
  { id, groups }: Edits['members'][number],
): Result<Keyring, 'edit'> {
  if (!keyring.reviewers.some((one) => one.id === id))
    return fail('edit', `there is no person ${id}`);
  const reviewers = keyring.reviewers.map((one) =>
    one.id === id ? { ...one, groups: [...groups] } : one,
  );
  return ok(groups.reduce(withGroup, { ...keyring, reviewers }));
}

/** A new person or guard, or further keys of one who is there: another device, a rotation. */
function enrolled(
  keyring: Keyring,
  { join, groups, ...rest }: Enrol,
  from: number,
): Result<Keyring, 'edit'> {
  if (join.org !== undefined && join.org !== keyring.org)
    return fail('edit', `${join.id} asks to join ${join.org}, and this is ${keyring.org}`);
  return join.kind === 'reviewer'
    ? ok(groups.reduce(withGroup, withPerson(keyring, join, groups, from)))
    : withGuard(keyring, join, rest, from);
}

function withPerson(
  keyring: Keyring,
  join: Extract<Join, { kind: 'reviewer' }>,
  groups: readonly string[],
  fromIndex: number,
): Keyring {
  const { device } = join;
  const keys = (['decision', 'session', 'witness'] as const).map((use) => ({
    ...join.keys[use],
    use,
    device,
    fromIndex,
  }));
  const there = keyring.reviewers.find((one) => one.id === join.id);
  const row = {
    id: join.id,
    name: there?.name ?? join.name,
    groups: [...new Set([...(there?.groups ?? []), ...groups])],
    keys: [...(there?.keys ?? []), ...keys],
  };
  const reviewers =
    there === undefined
      ? [...keyring.reviewers, row]
      : keyring.reviewers.map((one) => (one === there ? row : one));
  return { ...keyring, reviewers };
}

function withGuard(
  keyring: Keyring,
  join: Extract<Join, { kind: 'guard' }>,
  { agents, maxTier }: Omit<Enrol, 'join' | 'groups'>,
  fromIndex: number,
): Result<Keyring, 'edit'> {
  const keys = (['guard', 'session'] as const).map((use) => ({
    ...join.keys[use],
    use,
    fromIndex,
  }));
  const there = keyring.guards.find((one) => one.id === join.id);
  if (there !== undefined && there.host !== join.host)
    return fail('edit', `guard ${join.id} is on ${there.host}, and this one is on ${join.host}`);
  const row = {
    id: join.id,
    host: join.host,
    agents: [...(agents ?? there?.agents ?? join.agents)],
    maxTier: there?.maxTier ?? maxTier,
    keys: [...(there?.keys ?? []), ...keys],
  };
  const guards =
    there === undefined
      ? [...keyring.guards, row]
      : keyring.guards.map((one) => (one === there ? row : one));
  return ok({ ...keyring, guards });
}

/**
 * An end in the log's past is settled. One that lies ahead has ended nothing yet, and may come sooner: lowering it is what
 * a root key signs (`rules.ts`), and nobody else could put a wrong one right.
 */
function withEnd(
  keyring: Keyring,
  { what, id, why }: End,
  { from: untilIndex, size }: { readonly from: number; readonly size: number | undefined },
): Result<Keyring, 'edit'> {
  let count = 0;
  let settled: number | undefined;
  const open = (end: number | undefined): boolean =>
    end === undefined || (size !== undefined && end > size && untilIndex < end);
  type Key = { keyId: string; untilIndex?: number | undefined; device?: string };
  const end = <K extends Key>(keys: readonly K[], owner: string, kind: string): K[] =>
    keys.map((key) => {
      const hit =
        what === 'key'
          ? key.keyId.startsWith(id)
          : what === 'device'
            ? key.device === id
            : what === kind && owner === id;
      if (!hit) return key;
      if (!open(key.untilIndex)) {
        settled = key.untilIndex;
        return key;
      }
      count += 1;
      return { ...key, untilIndex, why };
    });
  const next: Keyring = {
    ...keyring,
    reviewers: keyring.reviewers.map((one) => ({ ...one, keys: end(one.keys, one.id, 'person') })),
    guards: keyring.guards.map((one) => ({ ...one, keys: end(one.keys, one.id, 'guard') })),
    brokers: keyring.brokers.map((one) => ({ ...one, keys: end(one.keys, one.id, 'broker') })),
    channels: keyring.channels.map((one) => ({ ...one, keys: end(one.keys, one.id, 'channel') })),
  };
  const since = settled === undefined ? '' : `: the keyring ends it at entry ${settled}`;
  if (count === 0) return fail('edit', `${what} ${id} has no live key${since}`);
  if (what === 'key' && count > 1) return fail('edit', `${id} is the beginning of ${count} keys`);
  return ok(next);
}

const withGroup = (keyring: Keyring, id: string): Keyring =>
  keyring.groups.some((group) => group.id === id)
    ? keyring
    : { ...keyring, groups: [...keyring.groups, { id, name: id }] };
