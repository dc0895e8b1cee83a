// The verbs that write files: a root key, and drafts. Nothing here signs a keyring or speaks to anybody but the broker's
// list of who asks to join.

import { toB64, utf8 } from '../../../shared/bytes.ts';
import { keyWords } from '../../../shared/domain/key-words.ts';
import { fail, invariant, ok, type Result } from '../../../shared/result.ts';
import { Id, Origin } from '../../../shared/statement/fields.ts';
import type { Machine } from '../../hosts/processes/machine.ts';
import { publishExclusive } from '../../state/atomic-file.ts';
import { openPolicyFiles } from '../../state/policy-files.ts';
import { createPublic, publicBytes, readPublic, readPublicBytes } from '../../state/public-file.ts';
import { generateKeyPair } from '../../trust/ed25519.ts';
import { sealKey } from '../../trust/passphrase.ts';
import { EXITS } from '../exits.ts';
import { type Draft, draftBytes, readKeyring } from './draft.ts';
import { type Edits, nextVersion, NO_EDITS } from './edit.ts';
import { changesOf } from './facts.ts';
import { firstVersion } from './first.ts';
import { copyHead, type Here, openHere, withReviewer } from './here.ts';
import { logEnd, type SeenHeads } from './log-end.ts';
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
  if (!passphrase.ok) return talk.refuse(passphrase.detail ?? words.nothingMade, EXITS.usage);
  if (passphrase.value === undefined) return talk.refuse(words.nothingMade);
  const root = generateKeyPair();
  const sealed = await sealKey(root, 'root', passphrase.value, talk.machine.random);
  const written = publishExclusive(out, utf8(sealed));
  if (!written.ok) return talk.refuse(written.detail ?? `${out} is there already`, EXITS.usage);
  const key = { keyId: root.keyId, spki: toB64(root.spki) };
  const shown = createPublic(`${out}.pub`, publicBytes({ v: 1, what: 'root key', key }));
  if (!shown.ok) return talk.refuse(shown.detail ?? shown.code, EXITS.usage);
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
  if (!broker.ok) return talk.refuse(broker.detail ?? broker.code, EXITS.usage);
  const roots = readRoots(values.root ?? []);
  if (!roots.ok) return talk.refuse(roots.detail ?? roots.code, EXITS.usage);
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
    : talk.refuse(keyring.detail ?? keyring.code, EXITS.usage);
};

export const propose: Verb = async (talk, { values }) => {
  const here = openHere(talk.machine);
  const found = await findJoins(talk, values, here.ok ? here.value : undefined);
  if (!found.ok)
    return talk.refuse(
      found.detail ?? found.code,
      here.ok ? EXITS.unanswered : EXITS.notConfigured,
    );
  const edits = readEdits(values, found.value);
  if (!edits.ok) return talk.refuse(edits.detail ?? edits.code, EXITS.usage);
  const kept = here.ok ? keepPolicies(here.value.home, values) : ok(undefined);
  if (!kept.ok) return talk.refuse(kept.detail ?? kept.code, EXITS.usage);
  return draftNext(talk, values, edits.value);
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
  return draftNext(talk, values, { ...NO_EDITS, end: [end.value] });
};

/** From the file that is named, else from what this machine holds. */
async function draftNext(talk: Talk, values: Words['values'], edits: Edits): Promise<number> {
  const given = wholeNumber('from-index', values['from-index'], 0);
  const days = daysOf(values.days);
  if (!given.ok) return talk.refuse(given.detail ?? given.code, EXITS.usage);
  if (!days.ok) return talk.refuse(days.detail ?? days.code, EXITS.usage);
  if (values.out === undefined) return talk.refuse('--out is missing', EXITS.usage);
  const here = openHere(talk.machine);
  const ends = edits.end.length > 0 && edits.epoch === undefined;
  const from = values.from === undefined ? undefined : readKeyring(values.from);
  if (from?.ok === false) return talk.refuse(from.detail ?? from.code, EXITS.usage);
  // Somebody else may have published meanwhile; where the broker is away, what is here has to do.
  const seen =
    here.ok && (from === undefined || ends)
      ? await headsOf(talk.machine, here.value)
      : { copy: undefined, broker: undefined };
  if (from === undefined && !here.ok)
    return talk.refuse(here.detail ?? words.notHere, EXITS.notConfigured);
  const before = from?.value ?? (here.ok ? here.value.keyrings.held() : undefined);
  invariant(before, 'a version to follow was read');
  const sameOrg = here.ok && here.value.keyrings.held().keyring.org === before.keyring.org;
  const end = sameOrg ? logEnd(before.keyring, seen) : fail('none');
  const place = placeOf(given.value, end, from !== undefined);
  if (!place.ok) return talk.refuse(place.detail ?? place.code, EXITS.usage);
  const stamp = { nowMs: talk.machine.clock.now(), days: days.value, ...place.value };
  const keyring = nextVersion(before, edits, stamp);
  if (!keyring.ok) return talk.refuse(keyring.detail ?? keyring.code, EXITS.usage);
  if (ends) talk.print(place.value.says);
  return writeDraft(talk, values.out, { keyring: keyring.value, before, signatures: [] });
}

type Place = Pick<Parameters<typeof nextVersion>[2], 'index' | 'size' | 'why'> & {
  readonly says: string;
};

/** Where keys end: as was said, never beyond the log's end, else there. */
function placeOf(
  given: number | undefined,
  end: ReturnType<typeof logEnd>,
  fromFile: boolean,
): Result<Place, 'usage'> {
  const known = end.ok ? end.value : undefined;
  const size = known?.fresh === true ? known.size : undefined;
  const why = end.ok ? undefined : end.detail;
  if (given === undefined) return ok({ index: known?.size, size, why, says: known?.says ?? '' });
  // A root key's machine with a file may lag behind the log; what it has seen of it is no limit.
  const limit = size !== undefined || !fromFile ? known : undefined;
  return limit !== undefined && given > limit.size
    ? fail('usage', words.beyond(given, limit))
    : ok({ index: given, size, why, says: words.asSaid(given, known) });
}

/** The copy's first: what it has seen, the broker must have too. */
async function headsOf(machine: Machine, here: Here): Promise<SeenHeads> {
  const copy = await copyHead(machine, here);
  const reached = await withReviewer(machine, here, async ({ checkpoint }) => checkpoint);
  const at = new Date(machine.clock.now()).toISOString();
  return { copy, broker: reached.ok ? { note: reached.value, at } : undefined };
}

function writeDraft(talk: Talk, out: string | undefined, draft: Draft): number {
  if (out === undefined) return talk.refuse('--out is missing', EXITS.usage);
  const written = createPublic(out, draftBytes(draft));
  if (!written.ok) return talk.refuse(written.detail ?? written.code, EXITS.usage);
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
