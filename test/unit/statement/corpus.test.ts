// The corpus as it lies on disk: complete by the program's own tables, the very bytes that its generator makes, every valid
// statement taken, and every hostile one refused with exactly the code beside it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStatement } from '../../../main/broker/open-statement.ts';
import { publicKeyFromSpki } from '../../../main/trust/ed25519.ts';
import { verifyEnvelope } from '../../../main/trust/envelope.ts';
import { openFirstKeyring } from '../../../main/trust/keyring.ts';
import { fromB64, utf8 } from '../../../shared/bytes.ts';
import type { StatementType } from '../../../shared/statement/statement.ts';
import { type CorpusFile, type Hostile, textOfCase } from '../../corpus/case.ts';
import { corpusFiles, KEYRING_CHAIN, textOfFile, wantedFiles } from '../../corpus/files.ts';
import { CORPUS_PIN } from '../../corpus/keyrings.ts';
import { TYPES } from '../../corpus/statements.ts';

const FOLDER = join(import.meta.dirname, '../../corpus/fixtures');
const textAt = (name: string): string => readFileSync(join(FOLDER, `${name}.json`), 'utf8');
const fileAt = (name: string): CorpusFile => JSON.parse(textAt(name)) as CorpusFile;

/** 'ok', or why the text is not such a statement by the key of its file. */
function statementCode(type: StatementType, text: string, spki: string): string {
  const key = publicKeyFromSpki(fromB64(spki) ?? new Uint8Array());
  if (!key.ok) throw new Error('the key of the file is a key');
  const opened = openStatement(type, text);
  if (!opened.ok) return opened.code;
  return verifyEnvelope(opened.value.envelope, key.value) ? 'ok' : 'badSignature';
}

function keyringCode(text: string): string {
  const opened = openFirstKeyring(utf8(text), CORPUS_PIN);
  return opened.ok ? 'ok' : opened.code;
}

/** Each case, whether `judge` says what stands beside it. */
function expectJudged(file: CorpusFile, judge: (text: string) => string): void {
  const said = (cases: readonly (Pick<Hostile, 'why' | 'text'> & Partial<Hostile>)[]) =>
    cases.map((one) => [one.why, judge(textOfCase(one))]);
  expect(said(file.valid)).toEqual(file.valid.map(({ why }) => [why, 'ok']));
  expect(said(file.hostile)).toEqual(file.hostile.map(({ why, code }) => [why, code]));
}

describe('the corpus', () => {
  test('has a file for every statement and every message of the program, and no other', () => {
    const there = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.replaceAll('\\', '/').replace(/\.json$/, ''));
    // What is missing needs a sample, then `node test/corpus/make.ts` (test/corpus/README.md).
    expect(there.sort()).toEqual(wantedFiles());
  });

  test('is what its generator makes, byte for byte', () => {
    for (const [name, file] of corpusFiles())
      expect([name, textAt(name)]).toEqual([name, textOfFile(file)]);
  });

  test('says each thing once', () => {
    for (const [name, { hostile }] of corpusFiles()) {
      const reasons = hostile.map(({ code, why }) => `${code}: ${why}`);
      expect([name, reasons.length]).toEqual([name, new Set(reasons).size]);
      const texts = hostile.map(textOfCase);
      expect([name, texts.length]).toEqual([name, new Set(texts).size]);
    }
  });
});

test.each(TYPES)('%s: taken and refused as it stands there', (type) => {
  const file = fileAt(`statements/${type}`);
  expect(file.hostile.length).toBeGreaterThan(50);
  const codes = new Set(file.hostile.map(({ code }) => code));
  expect([...codes].sort()).toEqual(['badEnvelope', 'badSignature', 'badStatement', 'tooLarge']);
  expectJudged(file, (text) => statementCode(type, text, file.spki ?? ''));
});

test('a keyring by its roots: taken and refused as it stands there', () => {
  expectJudged(fileAt(KEYRING_CHAIN), keyringCode);
});

test('no valid statement is one of another type', () => {
  for (const type of TYPES)
    for (const other of TYPES) {
      const { valid, spki = '' } = fileAt(`statements/${other}`);
      const [first] = valid;
      const code = statementCode(type, first?.text ?? '', spki);
      expect([type, other, code]).toEqual([type, other, type === other ? 'ok' : code]);
      // A statement may be longer than the other type's limit; it is refused unread, then.
      if (type !== other) expect(['badEnvelope', 'tooLarge']).toContain(code);
    }
});
