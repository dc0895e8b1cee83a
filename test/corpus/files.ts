// All files of the corpus: its path under `fixtures/` and what it says.

import { CLIENT_MESSAGES, SERVER_MESSAGES } from '../../shared/protocol/messages.ts';
import { SAMPLES, SPOILS } from '../kit/sample-statements.ts';
import type { CorpusFile } from './case.ts';
import { keyringFile } from './keyrings.ts';
import { messageFile } from './messages.ts';
import { CLIENT_SAMPLES, type MessageSample, SERVER_SAMPLES } from './sample-messages.ts';
import { statementFile, TYPES } from './statements.ts';

export const KEYRING_CHAIN = 'statements/keyring-by-its-roots';

/** For every type and message that the program has and that has a sample; what has none is `missing`. */
export function corpusFiles(): ReadonlyMap<string, CorpusFile> {
  const files = new Map<string, CorpusFile>([[KEYRING_CHAIN, keyringFile()]]);
  for (const type of TYPES)
    if (type in SAMPLES && type in SPOILS) files.set(`statements/${type}`, statementFile(type));
  const sides = [
    ['client', CLIENT_MESSAGES, CLIENT_SAMPLES],
    ['server', SERVER_MESSAGES, SERVER_SAMPLES],
  ] as const;
  for (const [side, table, samples] of sides)
    for (const t of Object.keys(table)) {
      const sample: MessageSample | undefined = samples[t];
      if (sample !== undefined) files.set(`${side}/${t}`, messageFile(side, t, sample));
    }
  return files;
}

/** What the code's own tables name. */
export const wantedFiles = (): readonly string[] =>
  [
    KEYRING_CHAIN,
    ...TYPES.map((type) => `statements/${type}`),
    ...Object.keys(CLIENT_MESSAGES).map((t) => `client/${t}`),
    ...Object.keys(SERVER_MESSAGES).map((t) => `server/${t}`),
  ].sort();

export const textOfFile = (file: CorpusFile): string => `${JSON.stringify(file, null, 1)}\n`;
