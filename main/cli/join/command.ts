// `countersign join` and `countersign guard join`: keys are made here, their words are read to an administrator, and once
// the roots have signed a keyring that names them this machine works. The broker is believed in nothing.

import { textOf } from '../../../shared/bytes.ts';
import { keyWords } from '../../../shared/domain/key-words.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import {
  acceptEnrolment,
  beginJoin,
  forgetJoin,
  judgeAnswer,
  unfinishedJoin,
} from '../../app/join.ts';
import type { Machine } from '../../hosts/processes/machine.ts';
import { startHome } from '../../hosts/processes/start-home.ts';
import { untilStopped } from '../../hosts/processes/until-stopped.ts';
import type { Address } from '../../link/dial-socket.ts';
import { type Invitation, parseInvitation } from '../../link/invitation.ts';
import { askToJoin, type JoinCode, type JoinState } from '../../link/join.ts';
import type { OpenedJoin } from '../../link/join-statement.ts';
import type { Home } from '../../state/home.ts';
import { waitingJoin } from '../../state/joined.ts';
import { createPublic, publicBytes, readPublicBytes } from '../../state/public-file.ts';
import { EXITS } from '../exits.ts';
import { openTalk, type Talk } from '../keyring/talk.ts';
import { guardJoin } from './guard-keys.ts';
import { type JoinWords, parseGuardJoin, parseReviewerJoin } from './options.ts';
import { says } from './words.ts';

export async function joinCommand(words: readonly string[], machine: Machine): Promise<number> {
  const talk = openTalk(machine);
  const given = parseReviewerJoin(words, machine);
  if (!given.ok) return talk.refuse(given.detail ?? given.code, EXITS.usage);
  if (given.value.giveUp) return giveUp(talk);
  return joinAs(talk, given.value, (home, org) => reviewerJoin(talk, home, given.value, org));
}

/** A machine that is in an organisation gives nothing up. */
function giveUp(talk: Talk): number {
  const home = startHome(talk.machine);
  if (!home.ok) return talk.refuse(home.detail ?? home.code, EXITS.notConfigured);
  const waits = waitingJoin(home.value, 'reviewer');
  if (waits.ok && waits.value === undefined) return talk.refuse(says.noneWaits, EXITS.usage);
  const forgotten = forgetJoin(home.value);
  if (!forgotten.ok) return talk.refuse(forgotten.detail ?? forgotten.code, EXITS.notConfigured);
  talk.print(says.givenUp);
  return 0;
}

export async function guardCommand(words: readonly string[], machine: Machine): Promise<number> {
  const talk = openTalk(machine);
  const [verb, ...rest] = words;
  const given = verb === 'join' ? parseGuardJoin(rest, machine) : fail('usage', says.guardUsage);
  if (!given.ok) return talk.refuse(given.detail ?? given.code, EXITS.usage);
  const { id, host, agents } = given.value;
  const who = { id, host, agents, version: versionOf(machine), nowMs: machine.clock.now() };
  return joinAs(talk, given.value, async (home, org) => guardJoin(home, { ...who, org }));
}

type Make = (home: Home, org: string | undefined) => Promise<Result<OpenedJoin, string>>;

async function joinAs(talk: Talk, given: JoinWords, make: Make): Promise<number> {
  const { machine } = talk;
  const invitation: Result<Invitation | undefined, 'invitation'> =
    given.invitation === undefined ? ok(undefined) : parseInvitation(given.invitation);
  if (!invitation.ok) return talk.refuse(invitation.detail ?? invitation.code, EXITS.usage);
  const home = startHome(machine);
  if (!home.ok) return talk.refuse(home.detail ?? home.code, EXITS.notConfigured);
  const opened = await make(home.value, given.org ?? invitation.value?.invited?.org);
  if (!opened.ok) return talk.refuse(opened.detail ?? opened.code, EXITS.notConfigured);
  for (const line of says.whoAsks(opened.value)) talk.print(line);
  if (given.out !== undefined) return writeJoin(talk, opened.value, given.out);
  if (invitation.value === undefined) return talk.refuse(says.noAddress, EXITS.usage);
  return waitAndPin(talk, home.value, opened.value, invitation.value, given);
}

async function reviewerJoin(
  talk: Talk,
  home: Home,
  given: JoinWords,
  org: string | undefined,
): Promise<Result<OpenedJoin, string>> {
  const before = unfinishedJoin(home);
  if (!before.ok) return before;
  if (before.value !== undefined) return ok(before.value);
  const passphrase = await talk.newSecret();
  if (!passphrase.ok) return passphrase;
  if (passphrase.value === undefined) return fail('left', says.left);
  const { clock, random } = talk.machine;
  const ports = { clock, random, version: versionOf(talk.machine) };
  const { id, name, host: device } = given;
  return beginJoin(home, { id, name, device, org }, passphrase.value, ports);
}

function writeJoin(talk: Talk, { envelope }: OpenedJoin, out: string): number {
  const written = createPublic(out, publicBytes({ v: 1, what: 'join', envelope }));
  if (!written.ok) return talk.refuse(written.detail ?? written.code, EXITS.usage);
  talk.print(says.written(out));
  return 0;
}

async function waitAndPin(
  talk: Talk,
  home: Home,
  opened: OpenedJoin,
  { url, invited }: Invitation,
  { ca: caPath, plainNetwork }: JoinWords,
): Promise<number> {
  const { machine } = talk;
  const ca = caPath === undefined ? ok(undefined) : readPublicBytes(caPath);
  if (!ca.ok) return talk.refuse(ca.detail ?? ca.code, EXITS.usage);
  const address: Address = {
    url,
    ca: ca.value === undefined ? undefined : textOf(ca.value),
    plainNetwork,
  };
  const stopper = untilStopped(machine);
  const { clock, timers, random } = machine;
  const tell = tellOnce(talk);
  const answer = await askToJoin({
    address,
    envelope: opened.envelope,
    clock,
    timers,
    random,
    onState: tell,
    signal: stopper.signal,
  });
  stopper.forget();
  if (!answer.ok) return talk.refuse(says.notJoined(answer.code), exitOf(answer.code));
  const enrolment = judgeAnswer(opened, invited, answer.value, clock.now());
  if (!enrolment.ok) return talk.refuse(enrolment.detail ?? enrolment.code);
  const { held, rootSet } = enrolment.value;
  const { org, version } = held.keyring;
  if (invited === undefined) {
    // Whoever answers at that address could have made the whole organisation up.
    talk.print(says.compareRoots(org, keyWords(rootSet)));
    if (!(await talk.agrees(says.doTheyAgree))) return talk.refuse(says.notCompared);
  }
  const pinned = acceptEnrolment(home, opened, enrolment.value, answer.value, address);
  if (!pinned.ok) return talk.refuse(pinned.detail ?? pinned.code);
  if (answer.value.exposed) talk.print(says.exposed);
  talk.print(says.joined(org, version));
  return 0;
}

/** Each state once: a broker that comes and goes is not a page of lines. */
function tellOnce(talk: Talk): (state: JoinState) => void {
  let last = '';
  return (state) => {
    const line = says.state(state);
    if (line === undefined || line === last) return;
    last = line;
    talk.print(line);
  };
}

const exitOf = (code: JoinCode): number =>
  code === 'stopped' ? 130 : code === 'badEndpoint' ? EXITS.usage : EXITS.refused;

const versionOf = (machine: Machine): string => `countersign/${machine.version}`;
