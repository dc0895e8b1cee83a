// Joining a team while the app runs, from the person's form to the opened app: keys are made, the broker is asked for as
// long as it takes, over restarts too, and what it answers is judged. Without the roots in the invitation a person has
// to compare their words first. One join at a time; what went wrong stays in the state until somebody asks again.

import { keyWords } from '../../shared/domain/key-words.ts';
import type { Answers } from '../../shared/ipc/contract.ts';
import type { Joining as Shown, JoinTrouble } from '../../shared/ipc/snapshot.ts';
import { WIRE_CODES } from '../../shared/protocol/codes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { cleanText } from '../../shared/statement/text.ts';
import { mayDial } from '../link/dial-socket.ts';
import type { Enrolment } from '../link/enrolment.ts';
import { type Invitation, parseInvitation } from '../link/invitation.ts';
import { type Answered, askToJoin, type JoinCode } from '../link/join.ts';
import type { OpenedJoin } from '../link/join-statement.ts';
import { keepJoin, waitingInvitation } from '../state/joined.ts';
import type { AppPorts } from './compose.ts';
import { acceptEnrolment, beginJoin, forgetJoin, judgeAnswer, unfinishedJoin } from './join.ts';
import type { Keys } from './keys.ts';
import type { AppState } from './state.ts';

type Setup = Answers['setup'];
type JoinInput = Parameters<Setup['join']>[0];

export type Joining = {
  readonly answers: {
    readonly join: (input: JoinInput) => ReturnType<Setup['join']>;
    readonly confirmRoots: (yes: boolean) => ReturnType<Setup['confirmRoots']>;
    readonly askAgain: () => void;
    readonly stopJoining: () => ReturnType<Setup['stopJoining']>;
  };
  /** Goes on with a join that an earlier start left waiting. */
  readonly resume: () => void;
  /** The app ends; the join waits on. */
  readonly stop: () => void;
};

export type JoiningPorts = {
  readonly ports: Pick<
    AppPorts,
    | 'clock'
    | 'timers'
    | 'random'
    | 'home'
    | 'version'
    | 'hostName'
    | 'vault'
    | 'journal'
    | 'testOnly'
  >;
  readonly keys: Pick<Keys, 'look'>;
  readonly state: AppState;
  /** Starts the rest of the app: the keyring is pinned. */
  readonly open: () => Promise<void>;
};

/** One try: another one, or the end of all, takes its place, and it is then heard no more. */
type Try = {
  readonly opened: OpenedJoin;
  readonly invitation: Invitation;
  readonly stopper: AbortController;
};
type Compared = { readonly enrolment: Enrolment; readonly answered: Answered };

export function openJoining(by: JoiningPorts): Joining {
  const { ports, state } = by;
  let current: Try | undefined;
  let compared: Compared | undefined;

  const show = (one: Try, part: Pick<Shown, 'state' | 'rootWords' | 'trouble' | 'org'>): void =>
    state.change({ what: 'joining', value: { ...whoAsks(one), ...part } });
  const stopWith = (one: Try, code: JoinTrouble, detail?: string): void =>
    show(one, { state: 'stopped', trouble: { code, ...(detail === undefined ? {} : { detail }) } });

  const ask = async (opened: OpenedJoin, invitation: Invitation): Promise<void> => {
    end();
    const mine: Try = { opened, invitation, stopper: new AbortController() };
    current = mine;
    show(mine, { state: 'asking' });
    const { clock, timers, random } = ports;
    const answered = await askToJoin({
      address: { url: invitation.url },
      envelope: opened.envelope,
      clock,
      timers,
      random,
      onState: ({ kind }) => {
        // While it tries again it says what it said before.
        if (mine === current && kind !== 'connecting') show(mine, { state: kind });
      },
      signal: mine.stopper.signal,
    });
    if (mine !== current) return;
    if (!answered.ok) return stopWith(mine, ...troubleOf(answered.code));
    const { invited } = invitation;
    const enrolment = judgeAnswer(opened, invited, answered.value, clock.now());
    if (!enrolment.ok) return stopWith(mine, 'notAccepted', enrolment.detail);
    const both = { enrolment: enrolment.value, answered: answered.value };
    if (invited !== undefined) return enter(mine, both);
    // Whoever answers at that address could have made the whole organisation up.
    compared = both;
    const { held, rootSet } = both.enrolment;
    show(mine, { state: 'compare', org: held.keyring.org, rootWords: keyWords(rootSet) });
  };
  const askInTheBackground = (opened: OpenedJoin, invitation: Invitation): void =>
    void ask(opened, invitation).catch((error: unknown) => {
      const says = error instanceof Error ? error.message : 'failed';
      ports.journal.note(`joining: ${says}`);
      if (current !== undefined) stopWith(current, 'failed', says);
    });

  const enter = async (mine: Try, { enrolment, answered }: Compared): Promise<void> => {
    const address = { url: mine.invitation.url };
    const pinned = acceptEnrolment(ports.home, mine.opened, enrolment, answered, address);
    if (!pinned.ok) return stopWith(mine, 'failed', pinned.detail);
    compared = undefined;
    await by.open();
    current = undefined;
    state.change({ what: 'joining' });
  };
  const end = (): void => {
    const before = current;
    current = undefined;
    compared = undefined;
    before?.stopper.abort();
  };

  return {
    answers: {
      join: async (input) => {
        if (state.snapshot().key.state !== 'absent' || current !== undefined) return fail('done');
        const invitation = readInvitation(input.invitation);
        if (!invitation.ok) return invitation;
        const opened = await makeOrGoOn(by, input, invitation.value);
        if (!opened.ok) return opened;
        askInTheBackground(opened.value, invitation.value);
        const { id } = opened.value;
        return ok({ id, words: keyWords(id) });
      },
      confirmRoots: async (yes) => {
        if (current === undefined || compared === undefined) return fail('notComparing');
        if (yes) await enter(current, compared);
        else {
          compared = undefined;
          stopWith(current, 'rootsDiffer');
        }
        return ok({});
      },
      askAgain: () => {
        if (current !== undefined && state.snapshot().joining?.state === 'stopped')
          askInTheBackground(current.opened, current.invitation);
      },
      stopJoining: async () => {
        const forgotten = forgetJoin(ports.home);
        if (!forgotten.ok) return fail('failed', forgotten.detail);
        end();
        state.change({ what: 'joining' });
        return ok({});
      },
    },
    resume: () => {
      const opened = unfinishedJoin(ports.home);
      if (!opened.ok) return ports.journal.note(`joining: ${opened.detail}`);
      const kept = waitingInvitation(ports.home, 'reviewer');
      const invitation = kept === undefined ? undefined : readInvitation(kept);
      if (opened.value !== undefined && invitation?.ok === true)
        askInTheBackground(opened.value, invitation.value);
    },
    stop: end,
  };
}

function readInvitation(text: string): Result<Invitation, 'invitation' | 'notEncrypted'> {
  const invitation = parseInvitation(text.trim());
  if (!invitation.ok) return invitation;
  return mayDial(invitation.value) ? invitation : fail('notEncrypted');
}

/** The join that waits here already, if it asks for the same person: its words may have been read to somebody. */
async function makeOrGoOn(
  { ports, keys }: JoiningPorts,
  { invitation: text, id, name, passphrase, inVault = false }: JoinInput,
  { invited }: Invitation,
): Promise<Result<OpenedJoin, Exclude<FailedJoin, 'invitation' | 'notEncrypted'>>> {
  const { clock, random, home, version, hostName: device, vault, testOnly } = ports;
  if (!cleanText(name)) return fail('failed', 'the name has characters that cannot be shown');
  if (inVault && !vault) return fail('failed', 'there is no key store here: choose a passphrase');
  const invitation = text.trim();
  const before = unfinishedJoin(home);
  if (!before.ok) return fail(before.code === 'joined' ? 'done' : 'failed', before.detail);
  if (before.value !== undefined) return goOn(home, before.value, { id, name, invitation });
  const made = await beginJoin(
    home,
    { id, name, device, org: invited?.org },
    passphrase,
    {
      clock,
      random,
      version: `countersign/${version}`,
      invitation,
      vault: inVault ? vault : undefined,
    },
    testOnly,
  );
  // What the form offers may have changed under it.
  if (!made.ok) await keys.look();
  if (made.ok) return made;
  if (made.code === 'passphraseTooShort') return fail(made.code);
  return fail(made.code === 'joined' ? 'done' : 'failed', made.detail);
}

type FailedJoin = Extract<Awaited<ReturnType<Setup['join']>>, { readonly ok: false }>['code'];

function goOn(
  home: AppPorts['home'],
  opened: OpenedJoin,
  { id, name, invitation }: Pick<JoinInput, 'id' | 'name' | 'invitation'>,
): Result<OpenedJoin, 'otherName' | 'failed'> {
  const { join } = opened;
  if (join.kind !== 'reviewer') return fail('failed', 'the join that waits here is a guard’s');
  if (join.id !== id || join.name !== name) return fail('otherName', `${join.name}, ${join.id}`);
  const kept = keepJoin(home, 'reviewer', opened.envelope, invitation);
  return kept.ok ? ok(opened) : fail('failed', kept.detail);
}

function whoAsks({ opened: { id, join }, invitation }: Try): Omit<Shown, 'state'> {
  const { name, device } = join.kind === 'reviewer' ? join : { name: join.id, device: join.host };
  const { invited } = invitation;
  return {
    id,
    words: keyWords(id),
    person: { id: join.id, name, device },
    ...(invited === undefined ? {} : { org: invited.org }),
  };
}

function troubleOf(code: JoinCode): [JoinTrouble, string?] {
  if (code === 'stranger') return ['stranger'];
  if (code === 'badEndpoint' || code === 'stopped') return ['failed', code];
  return ['refused', WIRE_CODES[code].says];
}
