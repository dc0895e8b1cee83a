// The verbs that write files: a root key, and drafts. Nothing here signs a keyring or speaks to anybody but the broker's
// list of who asks to join.

import { toB64, utf8 } from '../../../shared/bytes.ts';
import { keyWords } from '../../../shared/domain/key-words.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { Id, Origin } from '../../../shared/statement/fields.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { publishExclusive } from '../../state/atomic-file.ts';
import { openPolicyFiles } from '../../state/policy-files.ts';
import { createPublic, publicBytes, readPublic, readPublicBytes } from '../../state/public-file.ts';
import { generateKeyPair } from '../../trust/ed25519.ts';
import type { HeldKeyring } from '../../trust/keyring.ts';
import { sealKey } from '../../trust/passphrase.ts';
import { EXITS } from '../exits.ts';
import { type Draft, draftBytes, readKeyring } from './draft.ts';
import { nextVersion, NO_EDITS } from './edit.ts';
import { changesOf } from './facts.ts';
import { firstVersion } from './first.ts';
import { type Here, logSize, openHere, withReviewer } from './here.ts';
import { type Words, wholeNumber } from './options.ts';
import { type FindJoin, readEdits, readEnd, readRoots } from './read-edits.ts';
import { proposalsNow } from './proposals.ts';
import { LONGEST_DAYS } from './rules.ts';
import type { Talk } from './talk.ts';
import { words } from './words.ts';

type Verb = (talk: Talk, given: Words) => Promise<number>;

export const makeKey: Verb = async (talk, { values }) => {
  const { out } = values;
  if (out === undefined) return talk.refuse('--out is missing', EXITS.usage);
  const passphrase = await talk.newSecret();
  if (!passphrase.ok) return talk.refuse(passphrase.detail ?? words.nothingMade);
  if (passphrase.value === undefined) return talk.refuse(words.nothingMade);
  const root = generateKeyPair();
  const sealed = await sealKey(root, 'root', passphrase.value, talk.machine.random);
  const written = publishExclusive(out, utf8(sealed));
  if (!written.ok) return talk.refuse(written.detail ?? `${out} is there already`);
  const key = { keyId: root.keyId, spki: toB64(root.spki) };
  const shown = createPublic(`${out}.pub`, publicBytes({ v: 1, what: 'root key', key }));
  if (!shown.ok) return talk.refuse(shown.detail ?? shown.code);
  talk.print(`root key: ${out}  (keep it with its owner, offline)`);
  talk.print(`public part: ${out}.pub`);
  talk.print(`words: ${keyWords(root.keyId)}`);
  return 0;
};

export const makeFirst: Verb = async (talk, { values }) => {
  const { org, out, broker: brokerPath } = values;
  if (org === undefined || !Id.safeParse(org).success)
    return talk.refuse('--org: one plain word', EXITS.usage);
  const origin = values.log ?? `${org}/1`;
  if (!Origin.safeParse(origin).success)
    return talk.refuse(`--log ${origin}: a name like acme.example/1`, EXITS.usage);
  if (brokerPath === undefined) return talk.refuse('--broker is missing', EXITS.usage);
  const broker = readPublic(brokerPath, 'broker');
  if (!broker.ok) return talk.refuse(broker.detail ?? broker.code);
  const roots = readRoots(values.root ?? []);
  if (!roots.ok) return talk.refuse(roots.detail ?? roots.code);
  const edits = readEdits(values, () => fail('usage', 'nobody can have asked to join yet'));
  const days = daysOf(values.days);
  if (!edits.ok) return talk.refuse(edits.detail ?? edits.code, EXITS.usage);
  if (!days.ok) return talk.refuse(days.detail ?? days.code, EXITS.usage);
  const people = edits.value.enrol.filter(({ join }) => join.kind === 'reviewer');
  const guards = edits.value.enrol.filter(({ join }) => join.kind === 'guard');
  const { threshold = 1 } = edits.value;
  if (people.length === 0)
    return talk.refuse('--add-person is missing: somebody has to administer the rest', EXITS.usage);
  if (threshold > roots.value.length)
    return talk.refuse(
      `${threshold} of ${roots.value.length} root keys can never sign`,
      EXITS.usage,
    );
  const keyring = firstVersion({
    org,
    origin,
    threshold,
    roots: roots.value,
    broker: broker.value,
    people,
    edits: { ...NO_EDITS, enrol: guards },
    nowMs: talk.machine.clock.now(),
    days: days.value,
  });
  return keyring.ok
    ? writeDraft(talk, out, { keyring: keyring.value, before: undefined, signatures: [] })
    : talk.refuse(keyring.detail ?? keyring.code);
};

export const propose: Verb = async (talk, { values }) => {
  const here = openHere(talk.machine);
  const found = await findJoins(talk, values, here.ok ? here.value : undefined);
  if (!found.ok) return talk.refuse(found.detail ?? found.code);
  const edits = readEdits(values, found.value);
  if (!edits.ok) return talk.refuse(edits.detail ?? edits.code, EXITS.usage);
  const kept = here.ok ? keepPolicies(here.value.home, values) : ok(undefined);
  if (!kept.ok) return talk.refuse(kept.detail ?? kept.code);
  return draftNext(talk, values, (before, stamp) => nextVersion(before, edits.value, stamp));
};

/** `publish` gives them to the broker from here. */
function keepPolicies(
  home: Here['home'],
  { policy = [], settings }: Words['values'],
): Result<void, 'file'> {
  const files = openPolicyFiles(home);
  for (const path of settings === undefined ? policy : [...policy, settings]) {
    const bytes = readPublicBytes(path);
    const kept = bytes.ok ? files.keep(bytes.value) : bytes;
    if (!kept.ok) return fail('file', kept.detail);
  }
  return ok(undefined);
}

export const revoke: Verb = async (talk, { values }) => {
  const end = readEnd(values);
  if (!end.ok) return talk.refuse(end.detail ?? end.code, EXITS.usage);
  return draftNext(talk, values, (before, stamp) =>
    nextVersion(before, { ...NO_EDITS, end: [end.value] }, stamp),
  );
};

type Stamp = Parameters<typeof nextVersion>[2];

/** From the file that is named, else from what this machine holds. */
async function draftNext(
  talk: Talk,
  values: Words['values'],
  make: (before: HeldKeyring, stamp: Stamp) => Result<Keyring, 'edit'>,
): Promise<number> {
  const here = openHere(talk.machine);
  // Somebody else may have published meanwhile; where the broker is away, what is here has to do.
  if (here.ok && values.from === undefined)
    await withReviewer(talk.machine, here.value, async () => {});
  const before =
    values.from === undefined
      ? here.ok
        ? ok(here.value.keyrings.held())
        : fail('keyring', here.detail ?? words.notHere)
      : readKeyring(values.from);
  if (!before.ok) return talk.refuse(before.detail ?? before.code);
  const given = wholeNumber('from-index', values['from-index'], 0);
  const days = daysOf(values.days);
  if (!given.ok) return talk.refuse(given.detail ?? given.code, EXITS.usage);
  if (!days.ok) return talk.refuse(days.detail ?? days.code, EXITS.usage);
  const sameOrg = here.ok && here.value.keyrings.held().keyring.org === before.value.keyring.org;
  const index = given.value ?? (sameOrg ? await logSize(talk.machine, here.value) : undefined);
  const stamp = { nowMs: talk.machine.clock.now(), days: days.value, index };
  const keyring = make(before.value, stamp);
  return keyring.ok
    ? writeDraft(talk, values.out, { keyring: keyring.value, before: before.value, signatures: [] })
    : talk.refuse(keyring.detail ?? keyring.code);
}

function writeDraft(talk: Talk, out: string | undefined, draft: Draft): number {
  if (out === undefined) return talk.refuse('--out is missing', EXITS.usage);
  const written = createPublic(out, draftBytes(draft));
  if (!written.ok) return talk.refuse(written.detail ?? written.code);
  for (const line of changesOf(draft.before?.keyring, draft.keyring)) talk.print(line);
  talk.print(words.drafted(out));
  return 0;
}

/** Asks the broker only where somebody is to be let in from its list. */
async function findJoins(
  talk: Talk,
  values: Words['values'],
  here: Here | undefined,
): Promise<Result<FindJoin, 'broker'>> {
  if (values.join === undefined) return ok(() => fail('usage'));
  if (here === undefined) return fail('broker', words.notHere);
  const asking = await withReviewer(talk.machine, here, proposalsNow);
  if (!asking.ok) return asking;
  return ok((id) => {
    const fits = asking.value.filter((one) => id.length >= 8 && one.id.startsWith(id));
    const [one] = fits;
    if (one !== undefined && fits.length === 1) return ok(one.envelope);
    return fail('usage', `${id}: nobody who asks to join has this id`);
  });
}

function daysOf(text: string | undefined): Result<number, 'usage'> {
  const days = wholeNumber('days', text, 1);
  if (!days.ok) return days;
  const { value = LONGEST_DAYS } = days;
  return value <= LONGEST_DAYS
    ? ok(value)
    : fail('usage', `--days ${value}: ${LONGEST_DAYS} at most`);
}
