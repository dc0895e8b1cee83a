// What stands over every card: an alarm, how things are with the broker, whether the key is open. Said when a person comes,
// and again when any of it changes; what keeps things from being decided also stands before each list.

import type { Snapshot } from '../../../shared/ipc/snapshot.ts';
import { WIRE_CODES } from '../../../shared/protocol/codes.ts';
import * as words from './words.ts';

type Said = {
  /** Without times: whether there is news. */
  readonly of: string;
  readonly text: string;
  /** In the way of a decision, or of its secrecy. */
  readonly trouble: boolean;
};

/** For whoever has just come: all of it. */
export const situation = (now: Snapshot): readonly string[] => saidOf(now).map(({ text }) => text);

/** What is wrong, most severe first. */
export const troubles = (now: Snapshot): readonly string[] =>
  saidOf(now).flatMap(({ text, trouble }) => (trouble ? [text] : []));

/** What another state has made of it. */
export function situationChanges(before: Snapshot, after: Snapshot): readonly string[] {
  const known = new Set(saidOf(before).map(({ of }) => of));
  return saidOf(after).flatMap(({ of, text }) => (known.has(of) ? [] : [text]));
}

function saidOf({ log: { alarm }, link, key }: Snapshot): readonly Said[] {
  return [
    ...(alarm
      ? [{ of: `alarm ${alarm.code} ${alarm.detail}`, text: words.alarmed(alarm), trouble: true }]
      : []),
    linkSaid(link),
    {
      of: `key ${key.state}`,
      text: words.keySays(key),
      trouble: key.state !== 'unlocked',
    },
  ];
}

function linkSaid(link: Snapshot['link']): Said {
  const trouble = link.state === 'offline' || link.state === 'stranger';
  if (link.state === 'online' && link.exposed === true)
    return { of: 'online exposed', text: words.EXPOSED, trouble: true };
  if (link.state !== 'offline')
    return { of: link.state, text: words.linkWords[link.state], trouble };
  const known = Object.entries(WIRE_CODES).find(([code]) => code === link.why)?.[1];
  const says = known?.says ?? words.offlineWhy(link.why);
  // What the broker has refused for good does not come back by waiting.
  const text = known?.retry === false ? words.refused(says) : words.away(says);
  return { of: `offline ${link.why}`, text, trouble };
}
