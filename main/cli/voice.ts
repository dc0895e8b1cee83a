// Every word the command line prints. Its rules: on stderr, after `countersign: `, lower case, no full stop, one line a
// fact, the request's id where there is one; a hint follows its error. The command's own stdout is never written to.

import { CHANGES_CODES } from '../../shared/domain/changes.ts';
import { refusalSays } from '../../shared/domain/refusals.ts';
import { WIRE_CODES, type WireCode } from '../../shared/protocol/codes.ts';
import { assertNever } from '../../shared/result.ts';
import { lineText } from '../../shared/statement/diff/lines.ts';
import { escapeText } from '../../shared/statement/view/escape.ts';
import type { Raw } from '../../shared/statement/text.ts';
import { bytesOfRaw } from '../../shared/statement/text.ts';
import { type Proposal, UNCHANGED } from '../guard/changes.ts';
import type { RunEnd, RunEvent } from '../guard/run.ts';

export const USAGE = `usage:
  countersign start                     the reviewer's app, with its broker
  countersign run [options] -- PROGRAM [ARGUMENT...]
                                        hold a command until it is countersigned
  countersign review                    decide requests in this terminal
  countersign log [--limit N] [--json]  what happened, newest last
  countersign log [--agent NAME] [--person NAME] [--text WORDS] [--since TIME]
                                        requests that fit; TIME is 12h, 7d or 2026-11-22
  countersign erase REQUEST --reason TEXT [--decisions-only]
                                        take the texts of an ended request out of every copy
  countersign log verify [--json]       check this machine's copy of the log; of these, --log NAME is
                                        about an earlier log (a wrong name lists them)
  countersign evidence [--from TIME|INDEX] [--to TIME|INDEX] [--request DIGEST] [--at SIZE]
              [--log NAME] --out FILE.zip|DIR
                                        a range of the log for an auditor (docs/evidence.md)
  countersign verify BUNDLE [--roots FILE|DIGEST] [--json]
                                        check such evidence: no broker, no network
  countersign policy VERB               check, test, explain or rehearse a policy; print the
                                        starter; put one in force (use)
  countersign keyring VERB              who is who: root keys, drafts, signatures, revocation
  countersign join INVITATION           a reviewer's device asks to be let in
  countersign guard join INVITATION --name ID
                                        a guard on another machine asks to be let in
  countersign broker --home DIR --listen HOST:PORT --tls-cert FILE --tls-key FILE
                                        a team's broker
  countersign rota check FILE | show [FILE] [--days N]
                                        who is on call when (docs/on-call.md)
  countersign help | version

options of run:
  --reason TEXT      why, for the person who decides
  --agent NAME       who asks (default: the agent program this runs under)
  --session NAME     which of the agent's sessions
  --ttl TIME         how long to wait: 90s, 10m, 2h (default 10m)
  --env NAME[=VALUE] pass a variable on; its value is shown
  --secret NAME      pass a variable on; only a keyed digest is shown
  --input FILE       a file the command reads: measured, shown, measured again
  --stdin HOW        bound (read to its end, hashed), live (not bound), nothing
  --strict           run private copies; refuse what cannot be bound
  --no-changes       a person may deny, and not change what is run
  --json             print the ending as one JSON object, on stderr
`;

export const say = {
  noProgram: 'nothing to run: put the command after --',
  noPin: 'not configured: run `npm start` once',
  broken: (why: string) => `not configured: ${why}`,
  usage: (why: string) => `${why} (see countersign help)`,
  notFound: (name: string) => `${plain(name)}: not found`,
  notExecutable: (name: string) => `${plain(name)}: cannot be run`,
  owed: 'the broker was not reached for the receipt: the next run brings it',
  verified: (leaves: number, signatures: number) =>
    `log verified: ${leaves} entries, ${signatures} signatures`,
  notVerified: (count: number) => `log NOT verified: ${count} problems`,
  noLog: 'there is no log on this machine yet: run `npm start` once',
  noEvidence: (why: string) => `no evidence was made: ${plain(why)}`,
  evidenceFails: (count: number) =>
    `this evidence does NOT verify: ${count} ${count === 1 ? 'check fails' : 'checks fail'}; the file is kept, \`countersign verify\` says which`,
};

/** Text from outside, safe to print: no control character reaches the terminal. */
export const plain = (text: string): string => escapeText(text, { ascii: false });
export const plainRaw = (raw: unknown): string =>
  raw === undefined ? '' : escapeText(bytesOfRaw(raw as Raw), { ascii: false });

/** What `run` says while it waits; undefined where there is nothing new to say. */
export function progress(event: RunEvent, digest: string): string | undefined {
  switch (event.what) {
    case 'asked':
      return undefined;
    case 'held':
      return `held: waiting for approval (request ${shortId(digest)})`;
    case 'asking':
      return asking(event);
    case 'countsOnce':
      return `${plain(event.who)} approved again: one person counts once`;
    case 'partly':
      return `${plain(event.who)} approved: more approvals are needed`;
    case 'unwitnessed':
      return `approved: waiting until ${event.missing} more ${event.missing === 1 ? 'person’s machine confirms' : 'people’s machines confirm'} the log`;
    case 'allowed':
      return `allowed by policy: ${plain(event.rules.join(', '))}`;
    case 'granted':
      return `granted by ${plain(event.who)}: use ${event.use} of ${event.uses}, until ${event.until}; nobody was asked now`;
    case 'changed':
      return [
        `denied by ${plain(event.who)}, who proposes another command; that is asked now (changes request ${shortId(event.digest)})`,
        ...event.lines.map(lineText),
      ].join('\n');
    case 'approved':
      return `approved${event.changed ? ' with changes' : ''} by ${plain(event.who)}`;
    case 'started':
      return undefined;
    case 'owed':
      return say.owed;
    case 'link':
      return link(event.state);
    default:
      return assertNever(event, 'event');
  }
}

type AskingEvent = Extract<RunEvent, { what: 'asking' }>;

function asking({ people: all, next }: AskingEvent): string {
  if (all.length === 0) return 'nobody can be asked for this';
  const people = all.filter((person) => person.turn);
  if (people.length === 0) return 'everybody who can be asked has answered';
  if (people.some((person) => person.why !== undefined)) return routed(people, next);
  const online = people.filter((person) => person.state !== 'offline');
  if (online.length === 0) return `asking ${names(people)}: nobody is online`;
  const looking = online.filter((person) => person.state === 'opened');
  return looking.length > 0 ? `asking: ${names(looking)} has it open` : `asking ${names(online)}`;
}

/** By the rota: whose turn it is, whoever has it open first, and who is asked next. */
function routed(people: AskingEvent['people'], next: AskingEvent['next']): string {
  const who = people.map((person) => {
    const notes = [
      ...(person.why === 'onCall' ? ['on call'] : []),
      ...(person.state === 'offline' ? ['offline'] : []),
      ...(person.state === 'opened' ? ['has it open'] : []),
    ];
    return `${plain(person.name)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
  });
  const then = next === undefined ? '' : `; next: ${next.asked.map(plain).join(', ')}`;
  const when = next === undefined ? '' : ` in ${Math.ceil(next.inMs / 1000)} s`;
  return `asking ${who.join(', ')}${then}${when}`;
}

/** The same fact a little later is not said again: without the seconds that are left. */
export const withoutSeconds = (line: string): string => line.replace(/ in \d+ s$/, '');

/** Of the request's digest: `countersign log` shows the same, and its `--text` finds it. */
export const shortId = (digest: string): string => digest.slice(0, 12);

const names = (people: readonly { readonly name: string }[]): string =>
  people.map((person) => plain(person.name)).join(', ');

function link(state: Extract<RunEvent, { what: 'link' }>['state']): string | undefined {
  switch (state.kind) {
    case 'online':
      return state.session.exposed
        ? 'broker reached over a PLAIN NETWORK: others on it can read along'
        : 'broker reached';
    case 'offline':
      return 'broker not reached, trying again';
    case 'stranger':
      return 'another program answers at the broker’s address: it gets nothing';
    case 'refused':
      return 'the broker refuses this guard';
    case 'connecting':
    case 'stopped':
      return undefined;
    default:
      return assertNever(state, 'link state');
  }
}

/** One line; undefined where the command itself has spoken. */
export function ending(end: RunEnd, digest: string | undefined): string | undefined {
  const about = digest === undefined ? '' : ` (request ${shortId(digest)})`;
  switch (end.how) {
    case 'ran':
    case 'interrupted':
      return end.how === 'ran' ? undefined : `withdrawn${about}`;
    case 'denied': {
      const why = plainRaw(end.why);
      const denied = `denied by ${plain(end.who)}${why === '' ? '' : `: ${why}`}${about}`;
      return end.proposal === undefined ? denied : `${denied}\n${proposal(end.proposal)}`;
    }
    case 'forbidden':
      return `forbidden by policy: ${plain(end.rules.join(', '))}: ${plain(end.reason)}${about}`;
    case 'ended':
      return `ended by the broker: ${end.ending}${about}`;
    case 'expired':
      return `nobody ${end.seen ? 'decided' : 'saw it'} in time${about}`;
    case 'refused':
      return `refused: ${refusalSays(end.code)} [${end.code}]${about}`;
    case 'notStarted':
      return `approved, and could not be started: ${end.code} ${plain(end.detail ?? '')}${about}`;
    case 'unreachable':
      return `broker not reached: ${unreachable(end.code)}${about}`;
    case 'tooOften':
      return `not asked: this agent has used up its questions; do not ask again before ${end.notBefore}`;
    case 'unaskable':
      return `cannot be asked: ${plain(end.detail ?? end.code)}`;
    default:
      return assertNever(end, 'ending');
  }
}

/** What the agent may ask instead, by itself. */
function proposal({ unchanged, detail, lines }: Proposal): string {
  const why = unchangedSays(unchanged, detail);
  return [`a change was proposed and not asked: ${why}`, ...lines.map(lineText)].join('\n');
}

function unchangedSays(code: Proposal['unchanged'], detail: string | undefined): string {
  if (code === undefined) return 'it was not tried';
  if (code in UNCHANGED) return UNCHANGED[code as keyof typeof UNCHANGED];
  if (code in CHANGES_CODES) return CHANGES_CODES[code as keyof typeof CHANGES_CODES];
  return plain(detail ?? code);
}

function unreachable(code: WireCode | 'closed' | 'noBroker' | 'stranger'): string {
  if (code === 'noBroker') return 'is the app running? start it with `npm start`';
  if (code === 'stranger') return 'the program at its address is not the broker of this keyring';
  return code === 'closed' ? 'the connection ended' : WIRE_CODES[code].says;
}
