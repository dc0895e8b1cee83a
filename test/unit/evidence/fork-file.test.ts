// Fork evidence by itself and in an app's alarm file: it convicts by the log's key alone, and only that log.

import { describe, expect, test } from 'vitest';
import { verifyFork } from '../../../main/evidence/fork-file.ts';
import { forkLines } from '../../../main/evidence/report-text.ts';
import { makeCheckpoint } from '../../../main/trust/checkpoint.ts';
import { forkOfSameSize } from '../../../main/trust/fork.ts';
import { LOG_ORIGIN } from '../../kit/guard-world.ts';
import { EvidenceLog } from './world.ts';

const log = new EvidenceLog();
const other = makeCheckpoint(LOG_ORIGIN, 1, new Uint8Array(32).fill(9), log.keys.log);
const { vkey } = log.keyring.log;
const fork = forkOfSameSize(log.keyring.log, log.note(), other, log.now);
const alarm = { version: 1, code: 'otherHistory', detail: 'x', at: log.now, notes: [], fork };

describe('evidence of a fork', () => {
  test.each([
    ['by itself', fork],
    ['in an alarm file', alarm],
  ])('%s is proven by the log’s own key', (_, value) => {
    const known = verifyFork(JSON.stringify(value), vkey);
    expect(known).toMatchObject({
      ok: true,
      value: { verified: true, known: true, sizes: [1, 1] },
    });
    const own = verifyFork(JSON.stringify(value), undefined);
    if (!own.ok) throw new Error(own.detail);
    expect([own.value.verified, own.value.known]).toEqual([true, false]);
    expect(forkLines(own.value).join('\n')).toMatch(
      /ON WHOSE WORD: the file’s own[\s\S]*\nPROVEN: /,
    );
  });

  test.each([
    ['two heads that agree', { ...fork, second: fork.first }],
    [
      'a head that the log did not sign',
      { ...fork, second: makeCheckpoint(LOG_ORIGIN, 1, new Uint8Array(32), log.keys.broker) },
    ],
    ['another log’s key', fork],
  ])('is not proven by %s', (what, value) => {
    const key = what.startsWith('another') ? new EvidenceLog().keyring.log.vkey : vkey;
    const judged = verifyFork(JSON.stringify(value), key);
    expect(judged).toMatchObject({ ok: true, value: { verified: false } });
    expect(judged.ok && forkLines(judged.value).at(-1)).toMatch(/^NOT PROVEN/);
  });

  test('is not an alarm without two heads, nor anything else', () => {
    for (const text of ['{}', '[]', 'x', '{"notes":[]}'])
      expect(verifyFork(text, undefined)).toMatchObject({ ok: false, code: 'fork' });
  });
});
