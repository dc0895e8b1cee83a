// Every statement type as fixed bytes: one that is valid and at least three that are hostile, each refused with its code.
// The files are pinned by digest: changing one is a change of what can be signed.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { textOf, utf8 } from '../../../shared/bytes.ts';
import {
  decodeStatement,
  encodeStatement,
  MAX_PAYLOAD,
  payloadTypeOf,
  STATEMENTS,
  type Statement,
  type StatementType,
  statementTypeOf,
} from '../../../shared/statement/statement.ts';
import { SAMPLES, SPOILS } from '../../kit/sample-statements.ts';

const FOLDER = join(import.meta.dirname, '../../vectors/statements');
const TYPES = Object.keys(STATEMENTS) as StatementType[];

/** SHA-256 of each file. */
const PINS: { readonly [T in StatementType]: string } = {
  request: '4f3bc12a95d1ec63571c16fc0be0a9ad43717b8e3a7040461930fdeee8811e88',
  decision: '2eac6664e6501de864ae7d6a907022fba83673b62312ffb2facf1098ebc152c1',
  notice: 'ed577c0aa7f6e2a6472ae4e4f0d88fee67daa413e1b58ad817eb7c5482042f46',
  ending: 'ffba960f8085a58cabb2d3281090efa9106208fa923424359e0005b3acb7456d',
  receipt: '578db5c25e2a37b97867fd68feb2a0e664fb3fdaaa707ec38c9272bb542cd68f',
  auto: 'f702bfef85035938cfb740753bde9c5dfbfffa5660a2be09eb3feb21970d0317',
  erasure: '9a9cf5d818db9663c1290ea26af7d2d82cc062df3fc6ff3c51409671163a9c1c',
  grant: 'a072957ea130ec59a8aa22b8c33889cb8b3d6182c5e88a43cd8ebbf83e3bf7e3',
  grantEnd: 'f4f065029a478aa23bced74588fe76b4f544c5858cd5495374f50be3fe7ed4b9',
  escalation: '3e799cb31d7aa99dba2e7f60f79a99c561e53352632d33115e1c711b6c831034',
  keyring: '1ac6d53c1c332da8c31b50e08eaacd544506b246860a498c0be9511cf21311e9',
  login: '0710d738cd9c665cfeaef7605a5493c1d92d0c76fa9dbfd440d0bdecba4e7926',
  welcome: '5ce9ab55fe83824f08de1bdfbc4586bdb3f9c035597f5aed14f090b1a7c88609',
};

type Vectors = {
  readonly valid: { readonly payload: string; readonly sha256: string };
  readonly hostile: readonly {
    readonly why: string;
    readonly code: string;
    readonly payload: string;
  }[];
};

const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');
const fileOf = (type: StatementType): string => readFileSync(join(FOLDER, `${type}.json`), 'utf8');
// Written from SAMPLES, in this shape; the pin is of these very bytes.
const vectorsOf = (type: StatementType): Vectors => JSON.parse(fileOf(type)) as Vectors;

/** Encodes a statement of a type known only at run time. */
const encoded = <T extends StatementType>(type: T, says: Statement<T>): Uint8Array =>
  encodeStatement(type, says);

describe.each(TYPES)('%s', (type) => {
  const { valid, hostile } = vectorsOf(type);

  test('has the vectors that are pinned', () => {
    expect(sha256(fileOf(type))).toBe(PINS[type]);
    expect(hostile.length).toBeGreaterThanOrEqual(3);
    expect(hostile.map((one) => one.why)).toEqual(SPOILS[type].map(([why]) => why));
  });

  test('has one valid statement with these very bytes', () => {
    const read = decodeStatement(type, utf8(valid.payload));
    expect(read).toEqual({ ok: true, value: SAMPLES[type] });
    if (read.ok) expect(textOf(encoded(type, read.value))).toBe(valid.payload);
    expect(sha256(valid.payload)).toBe(valid.sha256);
  });

  test.each(hostile.map((one) => [one.why, one] as const))('refuses %s', (_, { payload, code }) => {
    expect(decodeStatement(type, utf8(payload))).toMatchObject({ ok: false, code });
  });

  test('refuses every statement of another type', () => {
    for (const other of TYPES)
      if (other !== type)
        expect(decodeStatement(type, utf8(vectorsOf(other).valid.payload)).ok).toBe(false);
  });

  test('refuses the valid one without any one of its members', () => {
    const says = JSON.parse(valid.payload) as { [name: string]: unknown };
    const optional = ['reason', 'parent', 'exit', 'code', 'outputSha256', 'prevSha256'];
    for (const name of Object.keys(says)) {
      const { [name]: _, ...rest } = says;
      const text = JSON.stringify(rest);
      if (optional.includes(name) && type !== 'request') continue;
      if (name === 'parent') continue;
      expect([name, decodeStatement(type, utf8(text)).ok]).toEqual([name, false]);
    }
  });

  test('refuses more bytes than its kind may have', () => {
    const padded = utf8(`${valid.payload}${' '.repeat(MAX_PAYLOAD[type])}`);
    expect(decodeStatement(type, padded)).toMatchObject({ ok: false, code: 'cj1' });
  });

  test('has a payload type of its own, and no other text is one', () => {
    expect(payloadTypeOf(type)).toBe(`application/vnd.countersign.${type}.v1+json`);
    expect(statementTypeOf(payloadTypeOf(type))).toBe(type);
    for (const text of [type, payloadTypeOf(type).toUpperCase(), `${payloadTypeOf(type)} `, ''])
      expect(statementTypeOf(text)).toBeUndefined();
  });
});

test('a producer cannot sign what its own schema refuses', () => {
  const says = { ...SAMPLES.decision, use: { max: 2 } };
  // A value that the type allows and the schema does not.
  expect(() => encodeStatement('decision', says as Statement<'decision'>)).toThrow('max');
});
