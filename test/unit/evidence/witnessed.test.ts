// Who has seen a head is counted by people, by the keyring that was in force, and what is missing is said; a line that a
// known witness did not sign refuses the bundle.

import { describe, expect, test } from 'vitest';
import { reportLines } from '../../../main/evidence/report-text.ts';
import { type Report, verifyBundle } from '../../../main/evidence/verify.ts';
import { cosign } from '../../../main/trust/cosignature.ts';
import { rootSetOf } from '../../../main/trust/keyring.ts';
import { formatLine, parseNote } from '../../../main/trust/note.ts';
import { toB64, utf8 } from '../../../shared/bytes.ts';
import { makeKeys, type Person, person, reviewer } from '../../kit/guard-world.ts';
import { EvidenceLog, START } from './world.ts';

/** The keyring asks for two people within a minute; alice has a second device. */
const tablet: Person = { ...person('alice'), device: 'alice.tablet' };
function teamLog(): EvidenceLog {
  return new EvidenceLog(makeKeys(), (keyring) => ({
    ...keyring,
    witnesses: { count: 2, withinMs: 60_000 },
    reviewers: keyring.reviewers.map((who) =>
      who.id === 'alice' ? { ...who, keys: [...who.keys, ...reviewer(tablet).keys] } : who,
    ),
  }));
}

/** A request that ran, its receipt under a head with these names. */
function ran(log: EvidenceLog, names: readonly Person[], checkpoint?: () => string): void {
  const request = log.ask();
  const decision = log.decide(request, log.keys.alice);
  log.cosignedBy(...names);
  const head = checkpoint?.() ?? log.note();
  log.receipt(request, [decision], 'consumed', { checkpoint: toB64(utf8(head)) });
  log.cosignedBy();
}

/** The next keyring says that this person's keys ended at that entry. */
function end(log: EvidenceLog, id: string, untilIndex: number): void {
  log.nextKeyring({
    reviewers: log.keyring.reviewers.map((who) =>
      who.id === id
        ? { ...who, keys: who.keys.map((key) => ({ ...key, untilIndex, why: 'left' as const })) }
        : who,
    ),
  });
}

const verified = (log: EvidenceLog): Report => verifyBundle(log.bundle(), rootSetOf(log.keyring));
const missing = (report: Report): string => report.notChecked.join('\n');
const headLine = (report: Report): string =>
  reportLines(report).find((line) => line.startsWith('  head ')) ?? '';

/** The newest head with a line in bob's name that is not bob's. */
function withWrongLine(log: EvidenceLog): string {
  const note = log.note();
  const { bob, alice } = log.keys;
  const parsed = parseNote(note);
  if (!parsed.ok) throw new Error(parsed.detail);
  const mine = cosign(parsed.value.text, 'org/bob/bob.laptop', bob.witness, START / 1000);
  const other = cosign(parsed.value.text, 'org/bob/bob.laptop', alice.witness, START / 1000);
  return `${note}${formatLine({ ...other, keyId: mine.keyId })}`;
}

describe('the names under the head', () => {
  test('count people: two devices of one person are one', () => {
    const log = teamLog();
    ran(log, []);
    const report = verified(log.cosignedBy(log.keys.alice, tablet));
    expect(report.problems).toEqual([]);
    expect(headLine(report)).toMatch(
      /cosigned by 1 person: alice \(alice\.laptop\) .*alice\.tablet/,
    );
    expect(missing(report)).toContain('whether 2 people saw this very head: 1 cosigned it');
  });

  test('of as many people as the keyring asks for leave nothing open', () => {
    const log = teamLog();
    ran(log, []);
    const report = verified(log.cosignedBy(log.keys.alice, log.keys.bob));
    expect([report.problems, report.witnessesAsked]).toEqual([[], 2]);
    expect(headLine(report)).toMatch(/cosigned by 2 people: alice .*, bob /);
    expect(missing(report)).not.toContain('this very head');
  });

  test('of a witness whom the roots had sent away do not count', () => {
    const log = teamLog();
    ran(log, []);
    end(log, 'bob', 3);
    const report = verified(log.cosignedBy(log.keys.alice, log.keys.bob));
    expect(report.witnesses.map(({ id }) => id)).toEqual(['alice']);
    expect(missing(report)).toContain('1 more line under the head, by nobody whom the keyring');
  });

  test('that a known witness did not sign refuse the bundle', () => {
    const log = teamLog();
    ran(log, []);
    const report = verifyBundle(
      log.bundle(undefined, { note: withWrongLine(log) }),
      rootSetOf(log.keyring),
    );
    expect(report.problems).toEqual([
      { where: 'head', says: expect.stringContaining('org/bob/bob.laptop did not cosign this') },
    ]);
  });
});

describe('the names under the head of a receipt', () => {
  test('of as many people as the keyring asks for are counted and said', () => {
    const log = teamLog();
    const { alice, bob } = log.keys;
    ran(log, [alice, bob]);
    ran(log, [alice, tablet]);
    const report = verified(log);
    expect([report.problems, report.checked.witnessed]).toEqual([[], 1]);
    expect(reportLines(report).join('\n')).toMatch(
      /\n {2}witnesses {3}1 actions ran under a head that as many people had cosigned/,
    );
    expect(missing(report)).toContain(
      'entry 6 ran under a head of 6 entries that 1 person had freshly cosigned, and the keyring asks for 2',
    );
  });

  test('of a witness whom the roots have sent away since, from before on, do not count', () => {
    const log = teamLog();
    const { alice, bob } = log.keys;
    ran(log, [alice, bob]);
    expect(verified(log).checked.witnessed).toBe(1);
    end(log, 'bob', 1);
    const report = verified(log);
    expect([report.problems, report.checked.witnessed]).toEqual([[], 0]);
    expect(missing(report)).toMatch(/entry 3 ran under a head of 3 entries that 1 person/);
  });

  test('of long before do not count', () => {
    const log = teamLog();
    const { alice, bob } = log.keys;
    log.cosignedBy(alice, bob);
    const old = log.note();
    const request = log.ask();
    const decision = log.decide(request, alice);
    const at = new Date(START + 3_600_000).toISOString();
    log.receipt(request, [decision], 'consumed', { checkpoint: toB64(utf8(old)), at });
    const report = verified(log.cosignedBy());
    expect(report.checked.witnessed).toBe(0);
    expect(missing(report)).toMatch(/entry 3 ran under a head of 1 entries that 0 people/);
  });

  test('that a known witness did not sign refuse the bundle', () => {
    const log = teamLog();
    ran(log, [], () => withWrongLine(log));
    expect(verified(log).problems).toEqual([
      {
        where: 'entry 3',
        says: expect.stringMatching(/under the head it carries, .*did not cosign/),
      },
    ]);
  });

  test('are not asked for where the keyring asks for none', () => {
    const log = new EvidenceLog();
    ran(log, []);
    const report = verified(log);
    expect(missing(report)).not.toContain('freshly cosigned');
    expect(reportLines(report).join('\n')).not.toContain('witnesses');
  });
});
