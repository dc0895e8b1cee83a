// What a root key does not sign, one clear sentence each. Guards and the broker refuse some of these too; here they are
// said before the passphrase is asked, to the person who would have signed.

import { fromB64 } from '../../../shared/bytes.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { ADMINISTRATORS } from '../../../shared/domain/administrators.ts';
import { publicKeyFromSpki } from '../../trust/ed25519.ts';
import { type HeldKeyring, openFirstKeyring } from '../../trust/keyring.ts';
import { formatVkey, NOTE_TYPE, parseVkey, vkeyOf } from '../../trust/vkey.ts';

export type Judged = {
  readonly keyring: Keyring;
  readonly before: HeldKeyring | undefined;
  /** What this machine holds, where it holds one. */
  readonly current: HeldKeyring | undefined;
  readonly nowMs: number;
  /** The person said so. */
  readonly mayLower: boolean;
  readonly mayBeginAgain: boolean;
};

/** Of a team: freshness between renewals comes from cosignatures, and a stolen key's time is bounded by this. */
export const LONGEST_DAYS = 90;
const DAY_MS = 24 * 3600 * 1000;

type Rule = (judged: Judged) => string | undefined;
type Key = {
  readonly keyId: string;
  readonly spki: string;
  readonly untilIndex?: number | undefined;
};

/** Every reason not to sign it; empty where there is none. */
export const refusals = (judged: Judged): readonly string[] =>
  RULES.map((rule) => rule(judged)).filter((said) => said !== undefined);

const followsBefore: Rule = ({ keyring, before }) => {
  if (before === undefined) {
    return keyring.version === 1 && keyring.prevSha256 === undefined
      ? undefined
      : `it is version ${keyring.version} and the draft does not hold the version before`;
  }
  const next = before.keyring.version + 1;
  if (keyring.version !== next)
    return `it is version ${keyring.version}, and after ${before.keyring.version} comes ${next}`;
  return keyring.prevSha256 === before.sha256
    ? undefined
    : `it does not follow version ${before.keyring.version} that is in the draft`;
};

const followsCurrent: Rule = ({ keyring, before, current }) => {
  if (current === undefined || current.keyring.org !== keyring.org) return undefined;
  const { version } = current.keyring;
  if (keyring.version <= version)
    return `this machine already holds version ${version} of ${keyring.org}`;
  if (before?.sha256 === current.sha256) return undefined;
  // This machine may be behind: then the roots that it trusts must have signed what lies between.
  const later = before !== undefined && before.keyring.version > version;
  return later && openFirstKeyring(before.envelope, current.keyring).ok
    ? undefined
    : `it does not follow version ${version} that this machine holds`;
};

const keepsOrg: Rule = ({ keyring, before }) =>
  before === undefined || before.keyring.org === keyring.org
    ? undefined
    : `it is of ${keyring.org}, and the version before of ${before.keyring.org}`;

const otherLog = ({ keyring: { log }, before }: Judged): boolean =>
  before !== undefined &&
  (before.keyring.log.origin !== log.origin || before.keyring.log.vkey !== log.vkey);

const keepsLog: Rule = (judged) =>
  otherLog(judged) && !judged.mayBeginAgain
    ? 'it names another log, which begins empty: if the old one is lost, say --new-log'
    : undefined;

/** Indexes of the old log mean nothing in the new one: a key that ended at 50 would live there until entry 50. */
const endedStayEnded: Rule = (judged) => {
  if (!otherLog(judged)) return undefined;
  const row = everyone(judged.keyring).find(({ keys }) =>
    keys.some(({ untilIndex }) => untilIndex !== undefined && untilIndex > 0),
  );
  return row && `in the new log a key of ${row.name} that was ended would be valid again`;
};

const hasLogKey: Rule = ({ keyring }) => {
  const vkey = parseVkey(keyring.log.vkey);
  const wanted = vkey.ok ? formatVkey(vkeyOf(keyring.log.origin, NOTE_TYPE, vkey.value.key)) : '';
  const live = keyring.brokers
    .flatMap(({ keys }) => keys)
    .some(({ use, keyId, untilIndex }) => {
      return use === 'log' && untilIndex === undefined && vkey.ok && vkey.value.key.keyId === keyId;
    });
  return live && wanted === keyring.log.vkey ? undefined : 'no broker has a live key of the log';
};

const hasBroker: Rule = ({ keyring }) =>
  keyring.brokers.some(({ keys }) =>
    keys.some(({ use, untilIndex }) => use === 'session' && !ended(untilIndex)),
  )
    ? undefined
    : 'no broker has a live session key: nobody could log in';

const hasAdministrator: Rule = ({ keyring }) => {
  const live = keyring.reviewers.some(
    ({ groups, keys }) =>
      (keyring.solo || groups.includes(ADMINISTRATORS)) &&
      keys.some(({ use, untilIndex }) => use === 'session' && !ended(untilIndex)),
  );
  return live
    ? undefined
    : `nobody in the group ${ADMINISTRATORS} has a live session key: the next version could not be published`;
};

const threshold: Rule = ({ keyring, before, mayLower }) => {
  const { roots, threshold: needs } = keyring;
  if (new Set(roots.map(({ keyId }) => keyId)).size < roots.length)
    return 'a root key stands twice';
  if (needs > roots.length) return `${needs} of ${roots.length} root keys can never sign`;
  const was = before?.keyring.threshold ?? 0;
  // From one person's solo keyring no threshold is lower than before.
  return needs < was && !mayLower
    ? `it lowers the threshold from ${was} to ${needs}: if that is meant, say --lower-threshold`
    : undefined;
};

const staysTeam: Rule = ({ keyring, before }) =>
  keyring.solo && before !== undefined && !before.keyring.solo
    ? 'a team does not become solo again: that would waive its separation of duties'
    : undefined;

const lifetime: Rule = ({ keyring, nowMs }) => {
  const [made, ends] = [Date.parse(keyring.issuedAt), Date.parse(keyring.expires)];
  if (ends <= nowMs) return `it has expired on ${keyring.expires}`;
  return ends - made > LONGEST_DAYS * DAY_MS
    ? `it lives longer than ${LONGEST_DAYS} days`
    : undefined;
};

const soundKeys: Rule = ({ keyring }) => {
  const rows = everyone(keyring);
  const names = rows.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return `${twice} stands twice`;
  const seen = new Set<string>();
  for (const { name, keys } of [{ name: 'the organisation', keys: keyring.roots }, ...rows]) {
    for (const key of keys) {
      if (!isSound(key)) return `a key of ${name} is not an acceptable key`;
      if (seen.has(key.keyId)) return `a key of ${name} stands twice`;
      seen.add(key.keyId);
    }
  }
  return undefined;
};

/** What a key signed stays in the log: without its row nobody could check it again. */
const keepsKeys: Rule = ({ keyring, before }) => {
  if (before === undefined) return undefined;
  const now = new Map(
    everyone(keyring).flatMap(({ name, keys }) => keys.map((key) => [key.keyId, { name, ...key }])),
  );
  for (const { name, keys } of everyone(before.keyring)) {
    for (const key of keys) {
      const same = now.get(key.keyId);
      if (same === undefined || same.name !== name)
        return `it drops a key of ${name}: end it instead (keyring revoke), so that what it signed can be checked`;
      if (key.untilIndex !== undefined && (same.untilIndex ?? Infinity) > key.untilIndex)
        return `it brings a key of ${name} back to life that was ended`;
    }
  }
  return undefined;
};

const RULES: readonly Rule[] = [
  followsBefore,
  followsCurrent,
  keepsOrg,
  keepsLog,
  endedStayEnded,
  hasLogKey,
  hasBroker,
  hasAdministrator,
  threshold,
  staysTeam,
  lifetime,
  soundKeys,
  keepsKeys,
];

type Row = { readonly name: string; readonly keys: readonly Key[] };

const everyone = ({ reviewers, guards, brokers, channels }: Keyring): readonly Row[] => [
  ...reviewers.map(({ id, keys }) => ({ name: `person ${id}`, keys })),
  ...guards.map(({ id, keys }) => ({ name: `guard ${id}`, keys })),
  ...brokers.map(({ id, keys }) => ({ name: `broker ${id}`, keys })),
  ...channels.map(({ id, keys }) => ({ name: `channel ${id}`, keys })),
];

const ended = (untilIndex: number | undefined): boolean => untilIndex !== undefined;

function isSound({ keyId, spki }: Key): boolean {
  const bytes = fromB64(spki);
  const key = bytes && publicKeyFromSpki(bytes);
  return key?.ok === true && key.value.keyId === keyId;
}
