// R10: valid artefacts are changed at random, and every parser that sees bytes from outside gets them. None throws, none
// takes longer than 50 ms, and none accepts what it did not accept before: an envelope whose signature still fits is the
// very one, a note that opens has the very text, JSON and frames that decode are in their one form.

import { expect, test } from 'vitest';
import { fromUtf8, sameBytes, textOf, toB64, utf8 } from '../../shared/bytes.ts';
import {
  decodeClientMessage,
  decodeServerMessage,
  encodeMessage,
} from '../../shared/protocol/decode.ts';
import { decodeCj, encodeCj } from '../../shared/statement/cj1.ts';
import {
  decodeStatement,
  encodeStatement,
  type StatementType,
} from '../../shared/statement/statement.ts';
import { renderView, viewText } from '../../shared/statement/view/render.ts';
import { openCheckpoint } from '../../main/trust/checkpoint.ts';
import { publicKeyOf } from '../../main/trust/ed25519.ts';
import { parseEnvelope, verifyEnvelope } from '../../main/trust/envelope.ts';
import { joinLeaf, leafOf, parseLeaf } from '../../main/trust/leaf.ts';
import { parseNote } from '../../main/trust/note.ts';
import { formatProof, parseProof, verifyProof } from '../../main/trust/proof.ts';
import { formatVkey, parseVkey } from '../../main/trust/vkey.ts';
import { invariant } from '../../shared/result.ts';
import {
  HandTime,
  makeOrg,
  requestBy,
  decisionBy,
  endingBy,
  receiptBy,
} from '../kit/wire-world.ts';
import { TestLog } from '../kit/test-log.ts';
import { countOf, limitOf, report } from './counts.ts';
import { type Seeded, seeded } from './seeded.ts';

/** A parser and one valid input. True: it accepted another input for what it is not. */
type Target = {
  readonly name: string;
  readonly valid: Uint8Array;
  readonly accepts: (mutant: Uint8Array) => boolean;
};

const SLOW_MS = 50;
const time = new HandTime();
const org = makeOrg();
const request = requestBy(org.guard, time);
const LIMIT = 256 * 1024;

/** Bytes that are not UTF-8 never reach a parser of text. */
const onText =
  (accepts: (text: string) => boolean) =>
  (bytes: Uint8Array): boolean => {
    const text = textOf(bytes);
    return text !== undefined && accepts(text);
  };

function envelopeTarget(type: StatementType, text: string, key = org.guard.guard): Target {
  const valid = utf8(text);
  return {
    name: `envelope of a ${type}`,
    valid,
    accepts: (bytes) => {
      const envelope = parseEnvelope(bytes, LIMIT);
      if (!envelope.ok) return false;
      // Its parts in another form would be two names for one thing.
      if (!verifyEnvelope(envelope.value, publicKeyOf(key))) return false;
      return !sameBytes(bytes, valid);
    },
  };
}

/** What decodes is written as it was read. */
function payloadTarget(type: StatementType, text: string): Target {
  const envelope = parseEnvelope(utf8(text), LIMIT);
  invariant(envelope.ok, 'an envelope');
  return {
    name: `payload of a ${type}`,
    valid: envelope.value.payload,
    accepts: (bytes) => {
      const says = decodeStatement(type, bytes);
      if (type === 'request') {
        const view = renderView(bytes, new Map());
        if (view.ok && viewText(view.value).length === 0) return true;
      }
      return says.ok && !sameBytes(encodeStatement(type, says.value), bytes);
    },
  };
}

const log = new TestLog(org.keyring.log.origin, org.broker.log).pad(20);
const at = log.append(utf8(request.envelope));
log.pad(5);

function logTargets(): readonly Target[] {
  const note = log.note();
  const parsed = parseEnvelope(utf8(request.envelope), LIMIT);
  invariant(parsed.ok, 'an envelope');
  const leaf = leafOf(parsed.value);
  const hashes = log.inclusion(at).map((b64) => Uint8Array.from(Buffer.from(b64, 'base64')));
  const proof = formatProof({ index: at, hashes, checkpoint: note });
  const vkey = formatVkey(org.vkey);
  return [
    {
      name: 'note',
      valid: utf8(note),
      accepts: onText((text) => {
        const opened = openCheckpoint(text, org.vkey);
        const parts = parseNote(text);
        // Other lines of signatures may come and go; the signed text may not.
        return opened.ok && (!parts.ok || !note.startsWith(parts.value.text));
      }),
    },
    {
      name: 'proof',
      valid: utf8(proof),
      accepts: onText((text) => {
        const read = parseProof(text);
        if (!read.ok) return false;
        const shown = verifyProof(read.value, leaf, org.vkey);
        return shown.ok && (read.value.index !== at || shown.value.size !== log.size);
      }),
    },
    {
      name: 'leaf',
      valid: leaf,
      accepts: (bytes) => {
        const read = parseLeaf(bytes);
        if (!read.ok) return false;
        const joined = joinLeaf(read.value, parsed.value.payload);
        return (
          joined.ok &&
          verifyEnvelope(joined.value, publicKeyOf(org.guard.guard)) &&
          !sameBytes(bytes, leaf)
        );
      },
    },
    {
      name: 'verifier key',
      valid: utf8(vkey),
      accepts: onText((text) => {
        const read = parseVkey(text);
        return read.ok && formatVkey(read.value) !== text;
      }),
    },
  ];
}

function frameTargets(): readonly Target[] {
  const id = '0'.repeat(32);
  const body = { envelope: request.envelope };
  const client = JSON.stringify({ t: 'request', id, body });
  const entry = { ...log.entry('1'.repeat(64), utf8(request.envelope), at, 3) };
  const server = encodeMessage({ t: 'entry', body: entry });
  return [
    {
      name: 'client frame',
      valid: utf8(client),
      accepts: onText((text) => !decodesOnce(decodeClientMessage, text)),
    },
    {
      name: 'server frame',
      valid: utf8(server),
      accepts: onText((text) => !decodesOnce(decodeServerMessage, text)),
    },
    {
      name: 'CJ-1',
      valid: encodeCj({ a: ['x', 1, true, { deep: 'é' }], b: toB64(utf8('y')) }),
      accepts: (bytes) => {
        const read = decodeCj(bytes, 4096);
        return read.ok && !sameBytes(encodeCj(read.value), bytes);
      },
    },
  ];
}

/** What decodes decodes to the same when it is written again. */
function decodesOnce(
  decode: typeof decodeClientMessage | typeof decodeServerMessage,
  text: string,
): boolean {
  const read = decode(text);
  if (!read.ok) return true;
  const written = encodeMessage(read.value);
  const again = decode(written);
  return again.ok && encodeMessage(again.value) === written;
}

function targets(): readonly Target[] {
  const decision = decisionBy(org.alice, time, request.sha256);
  const ending = endingBy(org.guard, time, request.sha256);
  const receipt = receiptBy(org.guard, time, request.sha256);
  return [
    envelopeTarget('request', request.envelope),
    envelopeTarget('decision', decision.envelope, org.alice.decision),
    envelopeTarget('keyring', fromUtf8(org.envelope), org.root),
    payloadTarget('request', request.envelope),
    payloadTarget('decision', decision.envelope),
    payloadTarget('ending', ending.envelope),
    payloadTarget('receipt', receipt.envelope),
    payloadTarget('keyring', fromUtf8(org.envelope)),
    ...logTargets(),
    ...frameTargets(),
  ];
}

/** Pieces that parsers stumble over. */
const SPICE = [
  '"',
  '\\',
  '\\u0000',
  '{',
  '}',
  '[[[[[[[[[',
  '\n\n',
  '— ',
  '=',
  '0',
  '-1',
  '1e9',
  '99999999999999999999',
  ',"a":1',
  '\u202e',
  '\ufeff',
  'null',
  '__proto__',
].map((text) => utf8(text));

function mutate(valid: Uint8Array, random: Seeded): Uint8Array {
  let bytes = Uint8Array.from(valid);
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const where = random.below(bytes.length + 1);
    const to = Math.min(bytes.length, where + 1 + random.below(8));
    const piece =
      [
        () => Uint8Array.of(random.below(256)),
        () => Uint8Array.of((bytes[where] ?? 0) ^ (1 << random.below(8))),
        () => new Uint8Array(0),
        () => SPICE[random.below(SPICE.length)] ?? new Uint8Array(0),
        () => bytes.slice(random.below(bytes.length + 1)).slice(0, random.below(64)),
      ][random.below(5)]?.() ?? new Uint8Array(0);
    const keep = random.coin() ? where + piece.length : to;
    bytes = Uint8Array.from([...bytes.subarray(0, where), ...piece, ...bytes.subarray(keep)]);
  }
  return bytes;
}

test(`R10: ${countOf('R10')} malformed inputs: no crash, no hang, nothing accepted`, {
  timeout: limitOf('R10', 2),
}, () => {
  const all = targets();
  for (const { name, valid, accepts } of all) expect([name, accepts(valid)]).toEqual([name, false]);
  const wrong: string[] = [];
  let slow = 0;
  for (let n = 0; n < countOf('R10'); n += 1) {
    const target = all[n % all.length];
    if (target === undefined) continue;
    const mutant = mutate(target.valid, seeded(n));
    const start = process.cpuUsage();
    try {
      if (target.accepts(mutant)) wrong.push(`${n} ${target.name} accepted`);
    } catch (error) {
      wrong.push(`${n} ${target.name} threw ${String(error)}`);
    }
    const { user, system } = process.cpuUsage(start);
    // A pause of the collector is none of the parser's: what is slow is slow twice.
    if (user + system > SLOW_MS * 1000 && isSlow(target, mutant)) slow += 1;
  }
  report(
    'R10',
    `${countOf('R10')} inputs, ${wrong.length} crashed or accepted, ${slow} over ${SLOW_MS} ms`,
  );
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(slow).toBe(0);
});

function isSlow({ accepts }: Target, mutant: Uint8Array): boolean {
  const start = process.cpuUsage();
  accepts(mutant);
  const { user, system } = process.cpuUsage(start);
  return user + system > SLOW_MS * 1000;
}
