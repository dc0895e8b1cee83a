// Grants in a terminal: what is printed is what is signed, and nothing is signed without the word.

import { expect, test } from 'vitest';
import { allowAgain, endGranted, listGranted } from '../../../main/hosts/terminal/granted.ts';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { Snapshot } from '../../../shared/ipc/snapshot.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { termsText } from '../../../shared/statement/terms-text.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { grantRow } from '../../kit/fake-grants.ts';
import { SAMPLES } from '../../kit/sample-statements.ts';

const { terms } = SAMPLES.grant;
const DIGEST = 'a'.repeat(64);
const TERMS = 'b'.repeat(64);

function desk(answer: string | undefined, rows = [grantRow(terms, { used: 1 })]) {
  const printed: string[] = [];
  const calls: [string, object][] = [];
  const grant = {
    propose: async (input: object) => {
      calls.push(['propose', input]);
      return { ok: true, value: { digest: TERMS, terms } };
    },
    give: async (input: object) => {
      calls.push(['give', input]);
      return { ok: true, value: { grant: DIGEST } };
    },
    end: async (input: object) => {
      calls.push(['end', input]);
      return { ok: true, value: { end: DIGEST } };
    },
  };
  return {
    printed,
    calls,
    desk: {
      // The three calls that a terminal makes of it.
      bridge: { grant } as unknown as Bridge,
      lines: {
        print: (text: string) => void printed.push(text),
        ask: async () => answer,
        size: () => undefined,
        close: () => {},
      },
      mirror: { now: () => ({ grants: rows }) as unknown as Snapshot, stop: () => {} },
    },
  };
}

test('prints the exact terms, and signs their digest once the word is typed', async () => {
  const one = desk('allow');
  await allowAgain(one.desk, DIGEST, '3 60');
  expect(one.printed[0]).toBe(termsText(terms).trimEnd());
  expect(one.calls).toEqual([
    ['propose', { digest: DIGEST, wish: { uses: 3, forMs: 3_600_000 } }],
    ['give', { terms: TERMS, viewSha256: sha256Hex(utf8(termsText(terms))) }],
  ]);
});

test.each(['', 'yes', undefined])('signs nothing after %j', async (answer) => {
  const one = desk(answer);
  await allowAgain(one.desk, DIGEST, '3 60');
  expect(one.calls.map(([name]) => name)).toEqual(['propose']);
});

test.each(['', '3', '0 60', '101 60', '3 0', '3 1441', '3 60 9', 'x y', '1.5 60'])(
  'asks for both bounds and nothing else: %j',
  async (rest) => {
    const one = desk('allow');
    await allowAgain(one.desk, DIGEST, rest);
    expect(one.calls).toEqual([]);
    expect(one.printed[0]).toContain('USES MINUTES');
  },
);

test('allows nothing where nothing was approved here', async () => {
  const one = desk('allow');
  await allowAgain(one.desk, undefined, '3 60');
  expect(one.calls).toEqual([]);
});

test('lists what is in force, and ends one of it by its number', async () => {
  const ended = grantRow({ ...terms, uses: 9 }, { state: 'ended' });
  const one = desk('', [ended, grantRow(terms, { used: 1, title: 'psql\u202e' })]);
  listGranted(one.desk);
  expect(one.printed).toHaveLength(1);
  expect(one.printed[0]).toContain('used 1 of 3');
  expect(one.printed[0]).not.toContain('\u202e');
  await endGranted(one.desk, '2');
  expect(one.calls).toEqual([]);
  await endGranted(one.desk, '1');
  expect(one.calls).toEqual([['end', { terms: grantRow(terms).terms }]]);
});
