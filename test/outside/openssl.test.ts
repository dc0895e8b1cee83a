// The stock programs over what we signed: a decision that the app's own code made, every statement of the corpus, a head of the
// log. The PAE bytes are put together here by hand, as an auditor would.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { judgeWish, signDecision } from '../../main/app/decide.ts';
import type { DeskEntry } from '../../main/app/desk.ts';
import { makeCheckpoint, openCheckpoint } from '../../main/trust/checkpoint.ts';
import { sha256, sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import { type Envelope, parseEnvelope } from '../../main/trust/envelope.ts';
import { findKey, openFirstKeyring } from '../../main/trust/keyring.ts';
import { leafOf } from '../../main/trust/leaf.ts';
import { parseNote } from '../../main/trust/note.ts';
import { concat, fromB64, textOf, toB64, utf8 } from '../../shared/bytes.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { renderView, viewText } from '../../shared/statement/view/render.ts';
import type { CorpusFile } from '../corpus/case.ts';
import { TYPES } from '../corpus/statements.ts';
import { HandTime, makeOrg, ORIGIN, requestBy } from '../kit/wire-world.ts';
import { haveOpenssl, run } from './programs.ts';

const there = haveOpenssl();
const folder = mkdtempSync(join(tmpdir(), 'countersign-openssl-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, content: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const pemOf = (spki: Uint8Array): string =>
  `-----BEGIN PUBLIC KEY-----\n${toB64(spki)}\n-----END PUBLIC KEY-----\n`;

/** `openssl pkeyutl -verify` of these bytes under this key. */
function opensslTakes(bytes: Uint8Array, sig: Uint8Array, spki: Uint8Array): boolean {
  const files = [put('pae.bin', bytes), put('sig.bin', sig), put('key.pem', pemOf(spki))] as const;
  const [pae, signature, key] = files;
  const asked = ['pkeyutl', '-verify', '-pubin', '-inkey', key];
  const ran = run('openssl', [...asked, '-rawin', '-in', pae, '-sigfile', signature]);
  return ran.code === 0 && ran.stdout.includes('Signature Verified Successfully');
}

function sha256sum(bytes: Uint8Array): string {
  return run('sha256sum', [put('payload.bin', bytes)]).stdout.slice(0, 64);
}

/** DSSE v1, by hand: none of our own encoding is used. */
const paeOf = ({ payloadType, payload }: Pick<Envelope, 'payloadType' | 'payload'>): Uint8Array =>
  concat(
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `),
    payload,
  );

function opened(bytes: Uint8Array): Envelope {
  const envelope = parseEnvelope(bytes, 256 * 1024);
  if (!envelope.ok) throw new Error(envelope.code);
  return envelope.value;
}

const sigOf = (envelope: Envelope): Uint8Array => envelope.signatures[0]?.sig ?? new Uint8Array();
const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, (bytes[at] ?? 0) ^ 1);

/** A decision as the reviewer's app signs it: judged, then signed, over the request's own bytes. */
function decided() {
  const org = makeOrg();
  const time = new HandTime();
  const held = openFirstKeyring(org.envelope, org.keyring);
  const payload = opened(utf8(requestBy(org.guard, time).envelope)).payload;
  const request = decodeStatement('request', payload);
  const view = renderView(payload, new Map());
  const checkpoint = openCheckpoint(
    makeCheckpoint(ORIGIN, 1, sha256(utf8('leaf')), org.broker.log),
    org.vkey,
  );
  if (!held.ok || !request.ok || !view.ok || !checkpoint.ok) throw new Error('the parts are there');
  const me = findKey(held.value, org.alice.decision.keyId);
  if (me === undefined) throw new Error('alice is in the keyring');
  const entry: DeskEntry = {
    digest: sha256Hex(payload),
    index: 0,
    request: request.value,
    payload,
    signed: true,
    life: { stage: 'open' },
    decisions: [],
    receipt: undefined,
    guardState: 'here',
    asked: [],
    nextAsked: undefined,
    sending: undefined,
  };
  const watched = {
    settledFrom: 0,
    focused: true,
    seenAllAt: 1,
    clickedAt: undefined,
    pressedAt: undefined,
  };
  const meant = judgeWish(entry, new Map(), watched, {
    verdict: 'approve',
    viewSha256: sha256Hex(utf8(viewText(view.value))),
    reason: 'naïve: “quoted” — ok',
    typed: undefined,
    proven: false,
    surface: 'window',
    at: 5_000,
  });
  if (!meant.ok) throw new Error(meant.code);
  const wish = { verdict: 'approve', reason: 'naïve: “quoted” — ok' } as const;
  const stored = signDecision(entry, wish, meant.value, {
    key: org.alice.decision,
    me,
    keyring: held.value,
    checkpoint: checkpoint.value,
    place: { seq: 1, prev: '0'.repeat(64) },
    now: time.now(),
    random: systemRandom,
  });
  return {
    stored,
    org,
    note: checkpoint.value.note,
    viewText: viewText(view.value),
    request: payload,
  };
}

describe.skipIf(!there)('openssl and sha256sum', () => {
  test('verify a decision by its PAE, its signature and its key', () => {
    const { stored, org } = decided();
    const envelope = opened(stored.envelope);
    const { spki, keyId } = org.alice.decision;
    expect(opensslTakes(paeOf(envelope), sigOf(envelope), spki)).toBe(true);
    expect(sha256sum(envelope.payload)).toBe(stored.sha256);
    const pem = put('key.pem', pemOf(spki));
    const made = ['-outform', 'DER', '-out', join(folder, 'key.der')];
    const der = run('openssl', ['pkey', '-pubin', '-in', pem, ...made]);
    expect(der.code).toBe(0);
    expect(sha256sum(readFileSync(join(folder, 'key.der')))).toBe(keyId);
  });

  test('refuse that decision with any of it changed', () => {
    const { stored, org } = decided();
    const envelope = opened(stored.envelope);
    const [pae, sig, { spki }] = [paeOf(envelope), sigOf(envelope), org.alice.decision];
    expect(opensslTakes(pae, sig, spki)).toBe(true);
    for (const at of [0, 7, 12, 60, pae.length - 1])
      expect([at, opensslTakes(flip(pae, at), sig, spki)]).toEqual([at, false]);
    for (const at of [0, 31, 32, 63])
      expect([at, opensslTakes(pae, flip(sig, at), spki)]).toEqual([at, false]);
    expect(opensslTakes(pae, sig, org.bob.decision.spki)).toBe(false);
    expect(opensslTakes(envelope.payload, sig, spki)).toBe(false);
  });

  test('say that the decision names the request’s bytes and the text that was on screen', () => {
    const { stored, request, viewText: text } = decided();
    const decision = decodeStatement('decision', opened(stored.envelope).payload);
    if (!decision.ok) throw new Error(decision.code);
    expect(sha256sum(request)).toBe(decision.value.request);
    expect(sha256sum(utf8(text))).toBe(decision.value.view.sha256);
  });

  test('verify the head that the decision embeds, over its text', () => {
    const { org, note } = decided();
    const parsed = parseNote(note);
    if (!parsed.ok) throw new Error(parsed.code);
    const [line] = parsed.value.signatures;
    const text = utf8(note.slice(0, note.indexOf('\n\n') + 1));
    const sig = line?.signature ?? new Uint8Array();
    expect(opensslTakes(text, sig, org.broker.log.spki)).toBe(true);
    expect(opensslTakes(concat(text, utf8('\n')), sig, org.broker.log.spki)).toBe(false);
  });

  test.each(TYPES)('verify the %s of the corpus, and its leaf names its payload', (type) => {
    const path = join(import.meta.dirname, `../corpus/fixtures/statements/${type}.json`);
    const file = JSON.parse(readFileSync(path, 'utf8')) as CorpusFile;
    const [valid] = file.valid;
    const envelope = opened(utf8(valid?.text ?? ''));
    const spki = fromB64(file.spki ?? '') ?? new Uint8Array();
    expect(opensslTakes(paeOf(envelope), sigOf(envelope), spki)).toBe(true);
    const leaf = JSON.parse(textOf(leafOf(envelope)) ?? '{}') as { payloadSha256?: string };
    expect(sha256sum(envelope.payload)).toBe(leaf.payloadSha256);
  });
});
