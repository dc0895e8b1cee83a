// Every statement type: one sealed envelope that is right, and that envelope spoiled in each way that a reader must see.

import { payloadTypeOf, type StatementType } from '../../shared/statement/statement.ts';
import { encodeStatement, STATEMENTS, type Statement } from '../../shared/statement/statement.ts';
import { type KeyPair, sign } from '../../main/trust/ed25519.ts';
import { encodeEnvelope, seal, sealMany } from '../../main/trust/envelope.ts';
import { ENVELOPE_LIMITS } from '../../main/trust/limits.ts';
import { pae } from '../../main/trust/pae.ts';
import { fromUtf8, toB64, utf8 } from '../../shared/bytes.ts';
import { SAMPLES, SPOILS } from '../kit/sample-statements.ts';
import { fixedPair } from '../unit/trust/kit.ts';
import { type CorpusFile, changed, type Hostile } from './case.ts';

export const TYPES = Object.keys(STATEMENTS) as StatementType[];
const SIGNER = fixedPair(21);
const OTHER = fixedPair(22);

const bad =
  (code: string) =>
  (why: string, text: string): Hostile => ({ why, code, text });
const badEnvelope = bad('badEnvelope');
const badSignature = bad('badSignature');
const badStatement = bad('badStatement');

/** The type is known only at run time; the sample of a type is one of it. */
const payloadOf = <T extends StatementType>(type: T): Uint8Array =>
  encodeStatement(type, SAMPLES[type] as Statement<T>);

export function statementFile(type: StatementType): CorpusFile {
  const text = fromUtf8(seal(payloadTypeOf(type), payloadOf(type), SIGNER));
  return {
    what: payloadTypeOf(type),
    spki: toB64(SIGNER.spki),
    valid: [{ why: 'as it is made', text }],
    hostile: [
      ...wrongForm(type, text),
      ...wrongText(text),
      ...wrongSignature(type),
      ...wrongStatement(type),
      {
        why: 'a byte over its limit',
        code: 'tooLarge',
        text,
        padTo: ENVELOPE_LIMITS[type] + 1,
      },
    ],
  };
}

/** Envelopes in another shape than the one that may be signed. */
function wrongForm(type: StatementType, text: string): readonly Hostile[] {
  const { payload, payloadType, signatures } = JSON.parse(text) as {
    payload: string;
    payloadType: string;
    signatures: { keyid: string; sig: string }[];
  };
  const [first] = signatures;
  if (first === undefined) throw new Error('one signature');
  const other = TYPES.find((one) => one !== type) ?? type;
  const made = (change: object): string =>
    JSON.stringify({ payload, payloadType, signatures, ...change });
  const signedBy = (change: object): string => made({ signatures: [{ ...first, ...change }] });
  const two = fromUtf8(sealMany(payloadTypeOf(type), payloadOf(type), [SIGNER, OTHER]));
  return [
    badEnvelope('another type of statement', made({ payloadType: payloadTypeOf(other) })),
    badEnvelope('its type in capitals', made({ payloadType: payloadType.toUpperCase() })),
    badEnvelope('a space in its type', made({ payloadType: `${payloadType} ` })),
    badEnvelope('no type', made({ payloadType: '' })),
    badEnvelope('a payload without padding', made({ payload: payload.replace(/=+$|.$/, '') })),
    badEnvelope(
      'a payload with a line end',
      made({ payload: `${payload.slice(0, 4)}\n${payload.slice(4)}` }),
    ),
    badEnvelope('a payload of the url alphabet', made({ payload: `-_${payload.slice(2)}` })),
    badEnvelope('a payload with spare bits', made({ payload: `${payload.slice(0, -4)}eyF=` })),
    badEnvelope('no payload', made({ payload: undefined })),
    badEnvelope('a payload that is null', made({ payload: null })),
    badEnvelope('a member more', JSON.stringify({ alg: 'none', payload, payloadType, signatures })),
    badEnvelope('no signature', made({ signatures: [] })),
    badEnvelope('no list of signatures', made({ signatures: undefined })),
    badEnvelope('the same signature twice', made({ signatures: [first, first] })),
    badEnvelope('the signatures of two', two),
    badEnvelope('a key id in capitals', signedBy({ keyid: first.keyid.toUpperCase() })),
    badEnvelope('a key id that is short', signedBy({ keyid: first.keyid.slice(2) })),
    badEnvelope('no key id', signedBy({ keyid: undefined })),
    badEnvelope('a signature of 63 bytes', signedBy({ sig: toB64(new Uint8Array(63)) })),
    badEnvelope('a signature of 65 bytes', signedBy({ sig: toB64(new Uint8Array(65)) })),
    badEnvelope('a signature with spare bits', signedBy({ sig: first.sig.replace(/.==$/, 'B==') })),
    badEnvelope(
      'an algorithm beside the signature',
      made({ signatures: [{ alg: 'none', ...first }] }),
    ),
  ];
}

/** Other texts of the very same JSON value, and texts of none. */
function wrongText(text: string): readonly Hostile[] {
  const { payload, payloadType, signatures } = JSON.parse(text) as { [name: string]: unknown };
  return [
    badEnvelope('a space after it', `${text} `),
    badEnvelope('a line end before it', `\n${text}`),
    badEnvelope('a byte order mark', `\ufeff${text}`),
    badEnvelope('members in another order', JSON.stringify({ signatures, payloadType, payload })),
    badEnvelope('white space inside', JSON.stringify(JSON.parse(text), null, 1)),
    badEnvelope('a character escaped', changed(text, '"payload"', '"\\u0070ayload"')),
    badEnvelope('a slash escaped', changed(text, 'application/', 'application\\/')),
    badEnvelope('a member twice, the last one right', changed(text, '{', '{"payload":"",')),
    badEnvelope('cut at its end', text.slice(0, -1)),
    badEnvelope('said twice', text + text),
    badEnvelope('in a list', `[${text}]`),
    badEnvelope('an empty object', '{}'),
    badEnvelope('an empty text', ''),
    badEnvelope('no JSON', 'envelope'),
    badEnvelope('deeper than it may be', `${'['.repeat(60)}${']'.repeat(60)}`),
  ];
}

/** Well-formed envelopes whose signature is not this key's over these bytes. */
function wrongSignature(type: StatementType): readonly Hostile[] {
  const payload = payloadOf(type);
  const payloadType = payloadTypeOf(type);
  const right = sign(SIGNER, pae(payloadType, payload));
  const sealed = (sig: Uint8Array): string =>
    fromUtf8(encodeEnvelope({ payloadType, payload, signatures: [{ keyid: SIGNER.keyId, sig }] }));
  const by = (pair: KeyPair, bytes: Uint8Array): string => sealed(sign(pair, bytes));
  const flip = (at: number): Uint8Array => right.with(at, (right[at] ?? 0) ^ 1);
  const identity = new Uint8Array(64).with(0, 1);
  return [
    badSignature('one bit of R', sealed(flip(3))),
    badSignature('one bit of S', sealed(flip(40))),
    badSignature('S above the group order', sealed(right.with(63, (right[63] ?? 0) | 0x80))),
    badSignature('the identity as R and nothing as S', sealed(identity)),
    badSignature('nothing but zeros', sealed(new Uint8Array(64))),
    badSignature('of another key', by(OTHER, pae(payloadType, payload))),
    badSignature('over the payload alone', by(SIGNER, payload)),
    badSignature('over another type', by(SIGNER, pae(`${payloadType}x`, payload))),
    badSignature('over another payload', by(SIGNER, pae(payloadType, utf8('{}')))),
  ];
}

/** Rightly sealed payloads that are no statement of this type. */
function wrongStatement(type: StatementType): readonly Hostile[] {
  const text = fromUtf8(payloadOf(type));
  const sealed = (payload: string): string =>
    fromUtf8(seal(payloadTypeOf(type), utf8(payload), SIGNER));
  const other = TYPES.find((one) => one !== type) ?? type;
  const open = (member: string): string => changed(text, '{', `{${member},`);
  return [
    ...SPOILS[type].map(([why, from, to]) => badStatement(why, sealed(changed(text, from, to)))),
    badStatement('no byte', sealed('')),
    badStatement('a space after it', sealed(`${text} `)),
    badStatement('a statement of another type', sealed(fromUtf8(payloadOf(other)))),
    badStatement('a member of nobody', sealed(open('"A":true'))),
    badStatement('a member that is null', sealed(open('"A":null'))),
    badStatement('a member with a fraction', sealed(open('"A":1.5'))),
    badStatement('a member that readers drop', sealed(open('"__proto__":{}'))),
  ];
}
