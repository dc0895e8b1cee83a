// From the words of `propose`, `init` and `revoke` to edits: files are read, digests computed, names checked.

import { basename } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { Origin } from '../../../shared/statement/fields.ts';
import { openJoin } from '../../link/join-statement.ts';
import { readPublic, readPublicBytes } from '../../state/public-file.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { openPinned } from '../../policy/cedar/pinned.ts';
import { sha256Hex } from '../../trust/digest.ts';
import type { Root } from '../../trust/keyring.ts';
import { type Edits, type End, type Enrol, NO_EDITS } from './edit.ts';
import { logOf } from './first.ts';
import { ids, pair, tierOf, type Words, wholeNumber } from './options.ts';

type Values = Words['values'];
type Failed = 'usage' | 'file';

/** Text of the envelope of somebody who asked the broker to join. */
export type FindJoin = (id: string) => Result<string, 'usage'>;

export function readRoots(files: readonly string[]): Result<readonly Root[], Failed> {
  return each(files, (path) => {
    const file = readPublic(path, 'root key');
    return file.ok ? ok(file.value.key) : fail('file', file.detail);
  });
}

export function readEdits(values: Values, findJoin: FindJoin): Result<Edits, Failed> {
  const enrol = readEnrolments(values, findJoin);
  if (!enrol.ok) return enrol;
  const roots = readRoots(values.root ?? []);
  const threshold = wholeNumber('threshold', values.threshold, 1);
  const groups = each(values.group ?? [], (text) => pair('group', text));
  const members = each(values.member ?? [], (text) => memberOf(text));
  const owners = each(values.owner ?? [], (text) => pair('owner', text));
  const policies = policiesOf(values);
  const epoch = values['new-log'] === true ? epochOf(values) : ok(undefined);
  if (!epoch.ok) return epoch;
  for (const one of [roots, threshold, groups, members, owners, policies]) if (!one.ok) return one;
  // The loop above has returned for every one that failed.
  if (!roots.ok || !threshold.ok || !groups.ok || !members.ok || !owners.ok || !policies.ok)
    return fail('usage');
  return ok({
    ...NO_EDITS,
    enrol: enrol.value,
    end: [
      ...(values['remove-person'] ?? []).map((id): End => ({ what: 'person', id, why: 'removed' })),
      ...(values['remove-guard'] ?? []).map((id): End => ({ what: 'guard', id, why: 'removed' })),
    ],
    groups: groups.value.map(([id, name]) => ({ id, name })),
    dropGroups: values['remove-group'] ?? [],
    members: members.value,
    owners: owners.value.map(([agent, owner]) => ({ agent, owner })),
    dropOwners: values['remove-owner'] ?? [],
    policies: policies.value,
    dropPolicies: values['remove-policy'] ?? [],
    threshold: threshold.value,
    roots: values.root === undefined ? undefined : roots.value,
    team: values.team ?? false,
    epoch: epoch.value,
  });
}

/** Exactly one of the four, with a reason. */
export function readEnd(values: Values): Result<End, 'usage'> {
  const named = (['person', 'guard', 'device', 'key'] as const).filter(
    (what) => values[what] !== undefined,
  );
  const [what] = named;
  const id = what && values[what];
  if (what === undefined || id === undefined || named.length > 1)
    return fail('usage', 'say one of --person, --guard, --device, --key');
  if (what === 'key' && !/^[0-9a-f]{8,64}$/.test(id))
    return fail('usage', `--key ${id}: at least the first eight digits of a key's id`);
  return values.why === undefined || values.why === ''
    ? fail('usage', '--why is missing: it stands in the keyring for everybody to read')
    : ok({ what, id, why: values.why });
}

function readEnrolments(values: Values, findJoin: FindJoin): Result<readonly Enrol[], Failed> {
  const groups = ids('groups', values.groups);
  const agents = ids('agents', values.agents);
  const maxTier = tierOf(values['max-tier']);
  if (!groups.ok) return groups;
  if (!agents.ok) return agents;
  if (!maxTier.ok) return maxTier;
  const fromFile = (path: string, kind: 'reviewer' | 'guard'): Result<Enrol, Failed> => {
    const file = readPublic(path, 'join');
    return file.ok ? enrolOf(file.value.envelope, path, kind) : fail('file', file.detail);
  };
  const enrolOf = (text: string, from: string, kind?: string): Result<Enrol, Failed> => {
    const opened = openJoin(text);
    if (!opened.ok) return fail('file', `${from}: not a join that its own key has signed`);
    const { join } = opened.value;
    if (kind !== undefined && join.kind !== kind)
      return fail('usage', `${from} is of a ${join.kind}`);
    return ok({
      join,
      groups: groups.value,
      agents: values.agents === undefined ? undefined : agents.value,
      maxTier: maxTier.value,
    });
  };
  return joined([
    each(values['add-person'] ?? [], (path) => fromFile(path, 'reviewer')),
    each(values['add-guard'] ?? [], (path) => fromFile(path, 'guard')),
    each(values.join ?? [], (id) => {
      const found = findJoin(id);
      return found.ok ? enrolOf(found.value, id) : found;
    }),
  ]);
}

function epochOf({ broker: path, log: origin }: Values): Result<Edits['epoch'], Failed> {
  if (path === undefined || origin === undefined || !Origin.safeParse(origin).success)
    return fail('usage', '--new-log takes --broker FILE and --log NAME, like acme/2');
  const broker = readPublic(path, 'broker');
  if (!broker.ok) return fail('file', broker.detail);
  const log = logOf(origin, broker.value);
  return log.ok ? ok({ log: log.value, broker: broker.value }) : fail('file', log.detail);
}

function memberOf(text: string): Result<Edits['members'][number], 'usage'> {
  const said = pair('member', text);
  if (!said.ok) return said;
  const [id, list] = said.value;
  const groups = ids('member', list);
  return groups.ok ? ok({ id, groups: groups.value }) : groups;
}

/** `--settings` belongs to the one `--policy`; both are what a guard would open, or they are refused here. */
function policiesOf({ policy, settings }: Values): Result<Edits['policies'], Failed> {
  const files = policy ?? [];
  if (settings !== undefined && files.length !== 1)
    return fail('usage', '--settings goes with exactly one --policy');
  const all = each(files, (path) => policyOf(path, settings));
  return all.ok ? ok([...all.value]) : all;
}

function policyOf(
  path: string,
  settingsPath: string | undefined,
): Result<Edits['policies'][number], 'file'> {
  const bytes = readPublicBytes(path);
  if (!bytes.ok) return fail('file', bytes.detail);
  const beside = settingsPath === undefined ? undefined : readPublicBytes(settingsPath);
  if (beside?.ok === false) return fail('file', beside.detail);
  const pinned = {
    sha256: sha256Hex(bytes.value),
    name: basename(path),
    ...(beside === undefined ? {} : { settings: sha256Hex(beside.value) }),
  };
  const byDigest = new Map([
    [pinned.sha256, bytes.value],
    ...(beside === undefined ? [] : [[sha256Hex(beside.value), beside.value] as const]),
  ]);
  const tooLarge = [...byDigest.values()].some((one) => one.length > LIMITS.maxPolicyBytes);
  if (tooLarge) return fail('file', `${path}: a policy is at most 64 KiB`);
  const opened = openPinned(pinned, (sha256) => byDigest.get(sha256));
  return opened.ok ? ok(pinned) : fail('file', opened.detail);
}

function each<T, R, C extends string>(
  all: readonly T[],
  read: (one: T) => Result<R, C>,
): Result<readonly R[], C> {
  return joined(
    all.map((one) => {
      const result = read(one);
      return result.ok ? ok([result.value]) : result;
    }),
  );
}

function joined<R, C extends string>(
  parts: readonly Result<readonly R[], C>[],
): Result<readonly R[], C> {
  const all: R[] = [];
  for (const part of parts) {
    if (!part.ok) return part;
    all.push(...part.value);
  }
  return ok(all);
}
