// Every message of the wire against the corpus: the valid ones are decoded and written again as they were, the hostile ones end
// the connection, and neither side takes what the other one sends.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  decodeClientMessage,
  decodeServerMessage,
  encodeMessage,
} from '../../../shared/protocol/decode.ts';
import { CLIENT_MESSAGES, SERVER_MESSAGES } from '../../../shared/protocol/messages.ts';
import { type CorpusFile, textOfCase } from '../../corpus/case.ts';

const FOLDER = join(import.meta.dirname, '../../corpus/fixtures');
const fileAt = (side: string, t: string): CorpusFile =>
  JSON.parse(readFileSync(join(FOLDER, side, `${t}.json`), 'utf8')) as CorpusFile;

describe.each([
  ['client', CLIENT_MESSAGES, decodeClientMessage, decodeServerMessage],
  ['server', SERVER_MESSAGES, decodeServerMessage, decodeClientMessage],
] as const)('what a %s sends', (side, table, decode, decodeOther) => {
  test.each(Object.keys(table))('%s', (t) => {
    const { valid, hostile } = fileAt(side, t);
    expect(valid.length).toBeGreaterThan(0);
    expect(hostile.length).toBeGreaterThan(20);
    for (const { why, text } of valid) {
      const read = decode(text);
      expect([why, read.ok && JSON.parse(encodeMessage(read.value))]).toEqual([
        why,
        JSON.parse(text),
      ]);
      // A reply that answers nothing and has no more than an envelope is the only form that both sides know.
      if (decodeOther(text).ok) expect([t, why]).toEqual(['', 'a message of both sides']);
    }
    const said = hostile.map((one) => {
      const read = decode(textOfCase(one));
      return [one.why, read.ok ? 'ok' : read.code];
    });
    expect(said).toEqual(hostile.map(({ why, code }) => [why, code]));
  });
});
