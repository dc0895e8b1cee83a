// Who asks to join, as the broker tells this machine's person. The words are computed here, from what would be enrolled.

import { keyWords } from '../../../shared/domain/key-words.ts';
import type { ServerMessageOf } from '../../../shared/protocol/messages.ts';
import { openJoin } from '../../link/join-statement.ts';
import { EXITS } from '../exits.ts';
import { openHere, type Reviewing, withReviewer } from './here.ts';
import type { Talk } from './talk.ts';
import { words } from './words.ts';

type Proposals = ServerMessageOf<'proposals'>['body']['proposals'];

/** The broker sends its list right after the welcome: an answer to a later question comes after it. */
export async function proposalsNow({ link, proposals }: Reviewing): Promise<Proposals> {
  await link.send('prove', { first: 1, second: 1 });
  return proposals();
}

export async function showProposals(talk: Talk): Promise<number> {
  const here = openHere(talk.machine);
  if (!here.ok) return talk.refuse(here.detail ?? words.notHere, EXITS.notConfigured);
  const asking = await withReviewer(talk.machine, here.value, proposalsNow);
  if (!asking.ok) return talk.refuse(asking.detail ?? asking.code, EXITS.unanswered);
  const opened = asking.value.flatMap(({ id, since, here: waits, envelope }) => {
    const join = openJoin(envelope);
    // A broker that shows what does not open, or under another id, shows nothing.
    return join.ok && join.value.id === id ? [{ ...join.value, since, waits }] : [];
  });
  for (const { id, join, since, waits } of opened) {
    const who =
      join.kind === 'reviewer'
        ? `person ${join.id} (${join.name}) on ${join.device}`
        : `guard ${join.id} on ${join.host}, agents ${join.agents.join(', ') || 'any'}`;
    talk.print(`${id.slice(0, 12)}  ${who}, since ${since}${waits ? '' : ' (not connected now)'}`);
    talk.print(`  words: ${keyWords(id)}`);
  }
  talk.print(opened.length === 0 ? words.noneAsk : words.compare);
  return 0;
}
