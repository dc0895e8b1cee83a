// A bundle of an honest log verifies, and says what it could not look at; the same contents give the same bytes each time.

import { describe, expect, test } from 'vitest';
import { reportLines } from '../../../main/evidence/report-text.ts';
import { rootsOfFile, rootsOfText } from '../../../main/evidence/roots.ts';
import { verifyBundle } from '../../../main/evidence/verify.ts';
import { readZip, zipOf } from '../../../main/evidence/zip.ts';
import { formatInvitation } from '../../../main/link/invitation.ts';
import { rootSetOf } from '../../../main/trust/keyring.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { seal } from '../../../main/trust/envelope.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { encodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import { EvidenceLog, wholeLog } from './world.ts';

const log = wholeLog();
const files = log.bundle();
const roots = rootSetOf(log.keyring);
const text = (name: string): string => new TextDecoder().decode(files.get(name));

describe('a bundle of an honest log', () => {
  test('verifies by the roots: every entry, signature, view, approval and head of it', () => {
    const report = verifyBundle(files, roots);
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(true);
    expect(report.checked).toEqual({
      files: files.size,
      places: 22,
      keyrings: 2,
      signatures: 19,
      views: 3,
      approvals: 2,
      actions: 6,
      grants: 0,
      heads: 10,
      witnessed: 0,
    });
    expect(report.witnesses.map(({ name }) => name)).toEqual(['alice', 'bob']);
    expect(report.word).toMatchObject({ of: 'roots', rootSet: roots });
    expect(reportLines(report).at(-1)).toBe(
      'verified: entries 0 to 21, by the roots that you gave',
    );
  });

  test('without roots verifies on its own word, says so last, and shows what to compare', () => {
    const report = verifyBundle(files, undefined);
    expect([report.verified, report.word?.of]).toEqual([true, 'own']);
    const lines = reportLines(report);
    expect(lines.at(-1)).toMatch(/ON THE BUNDLE’S OWN WORD/);
    expect(lines.join('\n')).toContain(`root key ${log.keys.root.keyId}`);
  });

  test('fails by any other roots', () => {
    const report = verifyBundle(files, rootSetOf(new EvidenceLog().keyring));
    expect(report.problems).toEqual([
      { where: 'roots', says: expect.stringContaining('OTHER PEOPLE’S KEYS') },
    ]);
  });

  test('says which text was erased, by whom and why, and counts nothing of it as checked', () => {
    const { notChecked, about } = verifyBundle(files, roots);
    expect(notChecked[0]).toMatch(
      /^entry 8, a request: its text was erased by alice at entry 21: it named a customer\./,
    );
    expect(notChecked[1]).toMatch(
      /^the view of request [0-9a-f]{12}: the request’s text is not here$/,
    );
    expect(about?.population).toEqual({
      entries: {
        decision: 4,
        ending: 4,
        erasure: 1,
        keyring: 2,
        notice: 1,
        receipt: 6,
        request: 4,
      },
      requests: { approved: 2, denied: 1, expiredUnseen: 1 },
      withoutText: 1,
      referred: 0,
    });
  });

  test('has the same bytes each time, as files and as a zip', () => {
    const again = log.bundle();
    expect([...again.keys()].toSorted()).toEqual([...files.keys()].toSorted());
    expect(sha256Hex(zipOf(again))).toBe(sha256Hex(zipOf(files)));
    const read = readZip(zipOf(files));
    expect(read.ok && verifyBundle(read.value, roots).verified).toBe(true);
  });

  test('has the view as it was on screen, whose digest the decision signed', () => {
    const view = text(`views/${log.digests['plain']}.txt`);
    expect(view).toContain('node');
    const signed = log.entries[3]?.payload;
    expect(new TextDecoder().decode(signed)).toContain(sha256Hex(utf8(view)));
  });
});

test('an action that ran although somebody had denied it before is pointed out', () => {
  const raced = new EvidenceLog();
  const request = raced.ask();
  const { alice, bob } = raced.keys;
  const approval = raced.decide(request, alice);
  raced.decide(request, bob, { verdict: 'deny' });
  raced.run(request, [approval]);
  const report = verifyBundle(raced.bundle(), rootSetOf(raced.keyring));
  expect(report.problems).toEqual([]);
  expect(report.notChecked.join('\n')).toMatch(/entry 4 ran although bob had denied it at entry 3/);
});

describe('a part of the log', () => {
  test('takes with it what its statements rest on, and every keyring', () => {
    const part = log.bundle(
      { from: 17, to: 18 },
      { entries: log.entries.filter(({ index }) => [0, 11, 12, 13, 14, 17, 18].includes(index)) },
    );
    const report = verifyBundle(part, roots);
    expect(report.problems).toEqual([]);
    expect(report.about?.population.referred).toBe(5);
    expect(report.checked.actions).toBe(2);
    expect(report.notChecked.join('\n')).toMatch(
      /15 entries of the log that are not here; a keyring among them/,
    );
  });

  test('about one request says that nobody can tell whether it is all', () => {
    const request = log.digests['plain'] ?? '';
    const part = log.bundle(
      { from: 0, to: 21, request },
      {
        entries: log.entries.filter(({ index }) => index <= 7 || index === 11),
        attachments: new Map(),
      },
    );
    const report = verifyBundle(part, roots);
    expect(report.problems).toEqual([]);
    expect(report.notChecked.join('\n')).toContain('whether the log has more about this request');
  });

  test('without an attachment leaves its view open and is no failure', () => {
    const report = verifyBundle(log.bundle(undefined, { attachments: new Map() }), roots);
    expect(report.problems).toEqual([]);
    expect(report.checked.views).toBe(1);
    expect(report.notChecked.join('\n')).toMatch(/1 of its attachments are not here/);
  });
});

describe('roots', () => {
  const pin = { org: log.keyring.org, roots: log.keyring.roots, threshold: log.keyring.threshold };

  test('are the digest of name, root keys in order and threshold, as people compare it', () => {
    const keyIds = pin.roots.map(({ keyId }) => keyId).toSorted();
    const text = JSON.stringify({ org: pin.org, roots: keyIds, threshold: pin.threshold });
    expect(roots).toBe(sha256Hex(utf8(text)));
  });

  test('may be given as digest, invitation, keyring or pin', () => {
    const envelope = seal(
      payloadTypeOf('keyring'),
      encodeStatement('keyring', log.keyring),
      log.keys.root,
    );
    const given = [
      rootsOfText(roots),
      rootsOfText(formatInvitation('wss://broker.test', pin)),
      rootsOfText(formatInvitation('wss://broker.test', pin).split('.').at(-1) ?? ''),
    ];
    expect(given.map((one) => one?.rootSet)).toEqual([roots, roots, roots]);
    for (const bytes of [envelope, utf8(JSON.stringify({ v: 1, ...pin, log: log.keyring.log }))]) {
      const read = rootsOfFile(bytes);
      expect(read.ok && read.value).toEqual({ rootSet: roots, vkey: log.keyring.log.vkey });
    }
    expect(rootsOfFile(utf8('{"org":"org"}'))).toMatchObject({ ok: false });
    expect(rootsOfText('alice')).toBeUndefined();
  });

  test('of a later version vouch for the ones before and after', () => {
    const later = new EvidenceLog();
    const before = rootSetOf(later.keyring);
    const { bob } = later.keys;
    const root = {
      keyId: bob.decision.keyId,
      spki: later.keyring.reviewers[1]?.keys[0]?.spki ?? '',
    };
    // One must sign, and the old root is among the new ones.
    later.nextKeyring({ roots: [...later.keyring.roots, root] });
    later.nextKeyring({ witnesses: { count: 1, withinMs: 1000 } });
    const after = rootSetOf(later.keyring);
    expect(after).not.toBe(before);
    for (const given of [before, after])
      expect(verifyBundle(later.bundle(), given).problems).toEqual([]);
  });
});
