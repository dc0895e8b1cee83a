// `countersign keyring VERB`: parse, call, exit.

import type { Machine } from '../../hosts/processes/machine.ts';
import { EXITS } from '../exits.ts';
import { moveBroker } from './endpoint.ts';
import { makeFirst, makeKey, propose, revoke } from './make.ts';
import { parseKeyring, type Words } from './options.ts';
import { takeFiles } from './take.ts';
import { showProposals } from './proposals.ts';
import { publishFile } from './publish.ts';
import { invite, show } from './show.ts';
import { signVerb } from './sign.ts';
import { openTalk, type Talk } from './talk.ts';
import { KEYRING_USAGE } from './words.ts';

const VERBS: Readonly<Record<string, (talk: Talk, given: Words) => Promise<number> | number>> = {
  key: makeKey,
  init: makeFirst,
  propose,
  revoke,
  sign: signVerb,
  show: (talk, { positionals }) => show(talk, positionals[0]),
  publish: (talk, { positionals }) => publishFile(talk, positionals[0] ?? ''),
  proposals: (talk) => showProposals(talk),
  invite: (talk, { values, positionals }) => invite(talk, values.url, positionals[0]),
  endpoint: moveBroker,
  take: (talk, { positionals }) => takeFiles(talk, positionals),
};

/**
 * The exit status: 0; 64 for what was typed and for files that are not what they should be; 75 where the broker was not
 * reached; 76 where something was refused: a signature, a publication; 78 on a machine that is in no organisation.
 */
export async function keyringCommand(words: readonly string[], machine: Machine): Promise<number> {
  const [verb = '', ...rest] = words;
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (run === undefined) {
    machine.terminal.errors.write(KEYRING_USAGE);
    return EXITS.usage;
  }
  const talk = openTalk(machine);
  const given = parseKeyring(verb, rest);
  if (!given.ok) return talk.refuse(`${given.detail} (see countersign keyring)`, EXITS.usage);
  return run(talk, given.value);
}
