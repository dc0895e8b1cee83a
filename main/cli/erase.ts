// `countersign erase REQUEST --reason TEXT`: an administrator has the texts of an ended request erased, from the log and from
// every copy, with the app that runs or one of its own. The leaves stay, and so do the erasure, its reason and its author.

import { parseArgs } from 'node:util';
import type { Bridge, EraseCode } from '../../shared/ipc/contract.ts';
import { composeApp } from '../app/compose.ts';
import type { Machine } from '../hosts/processes/machine.ts';
import { mirrorOf } from '../hosts/terminal/mirror.ts';
import { reviewInTerminal, type Talk } from '../hosts/terminal/run.ts';
import { EXITS } from './exits.ts';
import { say } from './voice.ts';

type Wish = {
  readonly request: string;
  readonly reason: string;
  readonly what: 'all' | 'decisions';
};

export const eraseCommand = async (words: readonly string[], machine: Machine): Promise<number> => {
  const wish = parseWish(words);
  if (typeof wish === 'string') {
    machine.terminal.errors.write(`countersign: ${say.usage(wish)}\n`);
    return EXITS.usage;
  }
  const talk: Talk = async ({ bridge, lines }) => {
    await online(bridge, machine);
    const answer = await erase(bridge, wish);
    lines.print(answer.says);
    return answer.exit;
  };
  return reviewInTerminal(machine, composeApp, talk);
};

/** A string is what was wrong. */
export function parseWish(words: readonly string[]): Wish | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { reason: { type: 'string' }, 'decisions-only': { type: 'boolean' } },
    });
    const [request, ...more] = positionals;
    if (request === undefined || more.length > 0) return 'one request, by its digest';
    if (!/^[0-9a-f]{8,64}$/.test(request))
      return `${JSON.stringify(request)}: a digest, or its first 8 characters or more`;
    const reason = values.reason?.trim() ?? '';
    if (reason === '') return '--reason TEXT: it is logged, and must repeat nothing of the text';
    if (reason.length > 500) return '--reason: at most 500 characters';
    return { request, reason, what: values['decisions-only'] ? 'decisions' : 'all' };
  } catch (error) {
    return error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'not understood';
  }
}

const PATIENCE_MS = 30_000;

/** An app of our own has just begun to connect. */
async function online(bridge: Bridge, { timers }: Pick<Machine, 'timers'>): Promise<void> {
  const there = Promise.withResolvers<void>();
  const mirror = await mirrorOf(bridge, (_, after) => {
    if (after.link.state === 'online') there.resolve();
  });
  if (mirror.now().link.state === 'online') there.resolve();
  const cancel = timers.after(PATIENCE_MS, there.resolve);
  await there.promise;
  cancel();
  mirror.stop();
}

type Answer = { readonly says: string; readonly exit: number };

export async function erase(bridge: Bridge, { request, reason, what }: Wish): Promise<Answer> {
  const { rows } = await bridge.history.search({ text: request, filters: {}, limit: 2 });
  const [row, other] = rows.filter(({ digest }) => digest.startsWith(request));
  const digest = row?.digest ?? (request.length === 64 ? request : undefined);
  if (digest === undefined) return { says: SAYS.unknownRequest, exit: 1 };
  if (other !== undefined) return { says: 'more than one request begins so', exit: EXITS.usage };
  const made = await bridge.request.erase({ digest, what, reason });
  if (!made.ok)
    return { says: `${SAYS[made.code]}${made.detail ? `: ${made.detail}` : ''}`, exit: 1 };
  const texts = made.value.texts === 1 ? 'one text' : `${made.value.texts} texts`;
  return { says: `erased ${texts} of ${digest.slice(0, 12)}; it is in the log`, exit: 0 };
}

const SAYS: { readonly [C in EraseCode]: string } = {
  locked: 'the decision key is locked',
  offline: 'the broker is not reached: nothing was erased',
  alarm: 'the log and this copy disagree: nothing is signed',
  notAllowed: 'only a member of the group admin may erase',
  unknownRequest: 'there is no such request in this copy of the log',
  stillOpen: 'the request is still open: its text can be erased once it has ended',
  erased: 'there is nothing left of it to erase',
  reasonMissing: 'a reason is missing',
  wrongPassphrase: 'that is not the passphrase',
  refused: 'the broker did not take it',
  waiting: 'signed and sent; whether it is in the log is not known yet',
};
