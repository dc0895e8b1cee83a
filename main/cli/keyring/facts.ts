// A keyring as lines for people, one a fact, each with a label that says whose it is. Every member of a keyring is in one
// of them: two keyrings that differ differ here, so what `sign` shows before it signs is all that changes.

import { keyWords } from '../../../shared/domain/key-words.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';

export type Fact = { readonly label: string; readonly value: string };

type AnyKey = {
  readonly keyId: string;
  readonly use: string;
  readonly device?: string;
  readonly fromIndex: number;
  readonly untilIndex?: number | undefined;
  readonly why?: string | undefined;
};

/** Members that have lines of their own below; any other is shown as JSON. */
const TOLD = new Set([
  'org',
  'version',
  'prevSha256',
  'solo',
  'issuedAt',
  'expires',
  'threshold',
  'roots',
  'log',
  'brokers',
  'reviewers',
  'guards',
  'channels',
  'groups',
  'owners',
  'policies',
]);

export function factsOf(keyring: Keyring): readonly Fact[] {
  const { log, roots, groups, owners, policies } = keyring;
  return [
    fact('organisation', keyring.org),
    fact('version', String(keyring.version)),
    fact('follows', keyring.prevSha256 ?? 'nothing: it is the first'),
    fact('mode', keyring.solo ? 'solo: one person, no separation of duties' : 'team'),
    fact('made', keyring.issuedAt),
    fact('ends', keyring.expires),
    fact('root keys that must sign', String(keyring.threshold)),
    ...roots.map(({ keyId }) => fact(`root key ${keyId}`, keyWords(keyId))),
    fact('log', log.origin),
    fact('log key', log.vkey),
    ...keyring.brokers.flatMap(({ id, keys }) => [
      fact(`broker ${id}`, ''),
      ...keysOf(`broker ${id}`, keys),
    ]),
    ...keyring.reviewers.flatMap(({ id, name, groups: memberOf, keys }) => [
      fact(`person ${id}`, name),
      fact(`person ${id}: groups`, listOf(memberOf)),
      ...keysOf(`person ${id}`, keys),
    ]),
    ...keyring.guards.flatMap(({ id, host, agents, maxTier, keys }) => [
      fact(`guard ${id}`, `on ${host}`),
      fact(`guard ${id}: agents`, agents.length === 0 ? 'any' : listOf(agents)),
      fact(`guard ${id}: highest tier`, maxTier),
      ...keysOf(`guard ${id}`, keys),
    ]),
    ...keyring.channels.flatMap(({ id, kind, keys }) => [
      fact(`channel ${id}`, kind),
      ...keysOf(`channel ${id}`, keys),
    ]),
    ...groups.map(({ id, name }) => fact(`group ${id}`, name)),
    ...owners.map(({ agent, owner }) => fact(`agent ${agent}: answered for by`, owner)),
    ...policies.map(({ sha256, name, settings }) =>
      fact(`policy ${sha256}`, settings === undefined ? name : `${name}, settings ${settings}`),
    ),
    ...Object.entries(keyring)
      .filter(([name, value]) => !TOLD.has(name) && value !== undefined)
      .map(([name, value]) => fact(name, JSON.stringify(value))),
  ];
}

/** Lines with `+`, `-` and `~`, in the order of the keyring; empty where nothing differs. */
export function changesOf(before: Keyring | undefined, after: Keyring): readonly string[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  const gone = [...old].filter(([label]) => !now.has(label));
  return [
    ...gone.map(([label, value]) => `- ${lineOf(label, value)}`),
    ...[...now].flatMap(([label, value]) => {
      const was = old.get(label);
      if (was === undefined) return [`+ ${lineOf(label, value)}`];
      return was === value ? [] : [`~ ${label}: ${was} -> ${value}`];
    }),
  ];
}

export const lineOf = (label: string, value: string): string =>
  value === '' ? label : `${label}: ${value}`;

function keysOf(owner: string, keys: readonly AnyKey[]): readonly Fact[] {
  return keys.map((key) => {
    const on = key.device === undefined ? '' : ` on ${key.device}`;
    const why = key.why === undefined ? '' : ` (${key.why})`;
    const ends = key.untilIndex === undefined ? '' : `, ENDS at entry ${key.untilIndex}`;
    const value = `${keyWords(key.keyId)}; from entry ${key.fromIndex}${ends}${why}`;
    return fact(`${owner}: ${key.use} key${on} ${key.keyId}`, value);
  });
}

/** One line a label: where it stands twice, both values are in it. */
function valuesOf(keyring: Keyring | undefined): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { label, value } of keyring === undefined ? [] : factsOf(keyring)) {
    const other = values.get(label);
    values.set(label, other === undefined ? value : `${other}, and again ${value}`);
  }
  return values;
}

const fact = (label: string, value: string): Fact => ({ label, value });
const listOf = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : names.join(', ');
