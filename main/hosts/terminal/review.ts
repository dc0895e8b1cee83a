// `countersign review`: the desk in a terminal, one card at a time. It renders the card itself, hashes what it printed, and
// decides only about the card on screen. The gestures are those of design.md's table; main enforces them again.

import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import { sha256Hex } from '../../trust/digest.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { changesInWords } from './announce.ts';
import { openCard } from './card.ts';
import { decide, type OnScreen, propose } from './decide.ts';
import { unlockByAsking } from './key.ts';
import { allowAgain, endGranted, listGranted } from './granted.ts';
import type { Lines } from './lines.ts';
import { type Mirror, mirrorOf } from './mirror.ts';
import { showWhole } from './page-text.ts';
import { situation, troubles } from './situation.ts';
import * as words from './words.ts';

export type ReviewOptions = {
  readonly bridge: Bridge;
  readonly lines: Lines;
  /** Resolves when the app has gone; never, where the app is in this process. */
  readonly closed?: Promise<void>;
};

/** 0 when the person left, 75 when the app went away. */
export async function runReview({ bridge, lines, closed }: ReviewOptions): Promise<number> {
  const decided = new Set<string>();
  let gone = false;
  let left = false;
  void closed?.then(() => {
    // The connection also closes when it was the person who left.
    if (left) return;
    gone = true;
    lines.print(words.APP_GONE);
    lines.close();
  });
  const mirror = await mirrorOf(bridge, (before, after) => {
    const said = changesInWords(before, after, (digest) => decided.has(digest));
    for (const line of said) lines.print(line);
  });
  const desk = { bridge, lines, mirror, decided };
  let screen: OnScreen | undefined;
  try {
    for (const line of situation(mirror.now())) lines.print(line);
    listOpen(desk);
    for (;;) {
      const line = await lines.ask(words.PROMPT);
      if (line === undefined) break;
      const [command = '', ...rest] = line.trim().split(/\s+/);
      if (command === 'quit' || command === 'q') break;
      screen = await run(desk, command, rest.join(' '), screen);
    }
    if (screen !== undefined && !gone) await leave(bridge, screen);
  } catch (error) {
    // Every call rejects once the app has gone; anything else is a bug.
    if (!gone) await closedSoon(closed, error);
    gone = true;
  } finally {
    left = true;
    mirror.stop();
    lines.close();
  }
  return gone ? 75 : 0;
}

type Desk = {
  readonly bridge: Bridge;
  readonly lines: Lines;
  readonly mirror: Mirror;
  readonly decided: Set<string>;
};

/** The card on screen after the command. */
async function run(
  desk: Desk,
  command: string,
  rest: string,
  screen: OnScreen | undefined,
): Promise<OnScreen | undefined> {
  const { bridge, lines } = desk;
  switch (command) {
    case '':
      return screen;
    case 'help':
      lines.print(words.HELP);
      return screen;
    case 'list':
      list(desk);
      return screen;
    case 'unlock':
      await unlockByAsking(bridge, lines);
      return screen;
    case 'show':
    case 'next':
    case 'prev':
      return turnTo(desk, target(desk, command, rest, screen), screen);
    case 'granted':
      listGranted(desk);
      return screen;
    case 'end':
      await endGranted(desk, rest);
      return screen;
    case 'again':
      await allowAgain(desk, [...desk.decided].at(-1), rest);
      return screen;
    case 'approve':
    case 'deny':
    case 'change':
      return decideOn(desk, command, rest, screen);
    default:
      lines.print(words.UNKNOWN);
      return screen;
  }
}

async function decideOn(
  desk: Desk,
  command: 'approve' | 'deny' | 'change',
  reason: string,
  screen: OnScreen | undefined,
): Promise<OnScreen | undefined> {
  const { bridge, lines, mirror } = desk;
  if (screen === undefined) {
    lines.print(words.NO_CARD);
    return undefined;
  }
  // As the request is now, not as it was when the card was opened.
  const now = mirror.now().requests.find((one) => one.digest === screen.summary.digest);
  const current = { ...screen, summary: now ?? screen.summary };
  const made =
    command === 'change'
      ? await propose(desk, current)
      : await decide(desk, current, command, reason);
  if (!made) return screen;
  await leave(bridge, screen);
  lines.print(words.waiting(open(desk).length));
  return undefined;
}

const open = ({ mirror }: Desk): readonly RequestSummary[] =>
  mirror.now().requests.filter((one) => one.stage === 'open' && one.sending === undefined);

function list(desk: Desk): void {
  for (const line of troubles(desk.mirror.now())) desk.lines.print(line);
  listOpen(desk);
}

function listOpen(desk: Desk): void {
  const waiting = open(desk);
  if (waiting.length === 0) desk.lines.print(words.NOTHING_WAITS);
  for (const [i, one] of waiting.entries()) desk.lines.print(words.listed(i + 1, one));
}

function target(
  desk: Desk,
  command: 'show' | 'next' | 'prev',
  rest: string,
  screen: OnScreen | undefined,
): RequestSummary | undefined {
  const waiting = open(desk);
  const here = waiting.findIndex((one) => one.digest === screen?.summary.digest);
  if (command === 'show') return rest === '' ? waiting[here] : waiting[Number(rest) - 1];
  if (here < 0 || waiting.length === 0) return waiting[0];
  return waiting.at((here + (command === 'next' ? 1 : -1)) % waiting.length);
}

async function turnTo(
  { bridge, lines }: Desk,
  summary: RequestSummary | undefined,
  screen: OnScreen | undefined,
): Promise<OnScreen | undefined> {
  if (summary === undefined) {
    lines.print(words.NOTHING_WAITS);
    return screen;
  }
  if (screen !== undefined) await leave(bridge, screen);
  const { digest } = summary;
  const card = await openCard(bridge, digest);
  if (!card.ok) {
    lines.print(words.cardTrouble[card.code]);
    return undefined;
  }
  await bridge.request.gesture({ digest, what: 'appeared' });
  lines.print(words.cardTitle(summary));
  if (!card.value.verified) lines.print(words.UNVERIFIED);
  if (card.value.changed !== undefined)
    for (const line of words.changedLines(card.value.changed)) lines.print(line);
  const shown = await showWhole(card.value.text, lines, { more: words.MORE });
  if (shown.whole) {
    await bridge.request.gesture({ digest, what: 'seenAll' });
    const explained = await bridge.request.explain({ digest });
    if (explained.ok) for (const line of words.explained(explained.value)) lines.print(line);
    lines.print(words.cardEnd(summary));
  } else lines.print(words.NOT_WHOLE);
  // Read to its end, the digest is of what was printed. Else a denial alone is left: it names the text that was offered.
  const text = shown.whole ? shown.text : card.value.text;
  const { payload } = card.value;
  return { summary, whole: shown.whole, viewSha256: sha256Hex(utf8(text)), payload };
}

const leave = (bridge: Bridge, { summary }: OnScreen): Promise<unknown> =>
  bridge.request.gesture({ digest: summary.digest, what: 'gone' });

/** A call may reject a moment before the channel's end is heard. */
async function closedSoon(closed: Promise<void> | undefined, error: unknown): Promise<void> {
  if (closed === undefined) throw error;
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), 1000).unref());
  if ((await Promise.race([closed, late])) === 'late') throw error;
}
