// Changed requests for an auditor: the link is checked from the bytes, the difference lies in the bundle, and each way to forge
// the link fails and says why.

import { expect, test } from 'vitest';
import { rootSetOf } from '../../../main/trust/keyring.ts';
import { verifyBundle } from '../../../main/evidence/verify.ts';
import { fromUtf8, utf8 } from '../../../shared/bytes.ts';
import type { Changes } from '../../../shared/statement/changes.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { EXEC } from '../statement/view-samples.ts';
import { EvidenceLog } from './world.ts';

const ARGV = ['node', 'export.js', 'customers', '--limit=100'];
const PROPOSED: Changes = { kind: 'exec', argv: ARGV };
const CHILD = { ...EXEC, argv: ARGV };

const judged = (log: EvidenceLog) => verifyBundle(log.bundle(), rootSetOf(log.keyring));
const says = (log: EvidenceLog): string =>
  judged(log)
    .problems.map((one) => `${one.where}: ${one.says}`)
    .join('\n');

/** Entry 1 asks, 2 denies, 3 ends it. */
function denied(log: EvidenceLog, changes: Changes | undefined): string {
  const request = log.ask();
  const more = changes === undefined ? {} : { changes };
  const denial = log.decide(request, log.keys.bob, { verdict: 'deny', ...more });
  log.end(request, [denial], { how: 'denied' });
  return request;
}

/** A changed request that is approved and runs. */
function runs(log: EvidenceLog, parent: string, change: Partial<Request> = {}): string {
  const child = log.ask({ action: CHILD, parent, ...change });
  const decision = log.decide(child, log.keys.alice);
  log.receipt(child, [decision], 'consumed');
  log.end(child, [decision], { how: 'approvedWithChanges' });
  return child;
}

test('verifies, and the difference lies beside it', () => {
  const log = new EvidenceLog();
  const parent = denied(log, PROPOSED);
  const child = runs(log, parent);
  expect(says(log)).toBe('');
  expect(judged(log).verified).toBe(true);
  const file = log.bundle().get(`changes/${child}.txt`) ?? utf8('');
  expect(fromUtf8(file)).toBe(
    [
      `changes ${parent}`,
      '  Argument 0: “node”',
      '  Argument 1: “export.js”',
      '  Argument 2: “customers”',
      '+ Argument 3: “--limit=100”',
      '',
    ].join('\n'),
  );
});

test.each<[string, RegExp, (log: EvidenceLog) => void]>([
  [
    'of a parent that was denied without a proposal',
    /entry 4: nobody proposed anything when entry 1 was denied/,
    (log) => void runs(log, denied(log, undefined)),
  ],
  [
    'that is not what was proposed',
    /entry 4: it is not what was proposed .*otherAction/,
    (log) => void runs(log, denied(log, PROPOSED), { action: { ...CHILD, cwd: '/' } }),
  ],
  [
    'for another agent',
    /otherAgent/,
    (log) => {
      const agent = { id: 'other', session: 's', onBehalfOf: 'maya', authn: 'account' } as const;
      runs(log, denied(log, PROPOSED), { agent });
    },
  ],
  [
    'whose parent is not there',
    /the request that it changes is not here/,
    (log) => void runs(log, 'a'.repeat(64)),
  ],
  [
    'that came before the denial',
    /nobody proposed anything/,
    (log) => {
      const parent = log.ask();
      runs(log, parent);
      log.decide(parent, log.keys.bob, { verdict: 'deny', changes: PROPOSED });
    },
  ],
  [
    'that was changed a fourth time',
    /changed too often/,
    (log) => {
      let parent = log.ask({ action: { ...EXEC, argv: ['node', '0'] } });
      for (const next of ['1', '2', '3', '4']) {
        const argv = ['node', next];
        log.decide(parent, log.keys.bob, { verdict: 'deny', changes: { kind: 'exec', argv } });
        parent = log.ask({ action: { ...EXEC, argv }, parent });
      }
    },
  ],
  [
    'that ends as if nothing was changed',
    /it ends with changes what changes nothing, or the reverse/,
    (log) => {
      const child = log.ask({ action: CHILD, parent: denied(log, PROPOSED) });
      log.end(child, [log.decide(child, log.keys.alice)]);
    },
  ],
])('a changed request %s fails', (_, why, forge) => {
  const log = new EvidenceLog();
  forge(log);
  expect(says(log)).toMatch(why);
});

test('an erased parent leaves it open, and says so', () => {
  const log = new EvidenceLog(undefined, (keyring) => ({
    ...keyring,
    reviewers: keyring.reviewers.map((who) => ({ ...who, groups: ['admin'] })),
  }));
  const parent = denied(log, PROPOSED);
  runs(log, parent);
  log.erase(parent, [parent], log.keys.alice);
  const report = judged(log);
  expect(report.problems).toEqual([]);
  expect(report.notChecked.join('\n')).toMatch(/whether entry 4 is what was proposed/);
});

test('a range that begins after the denial has both with it, and nothing else', () => {
  const log = new EvidenceLog();
  runs(log, denied(log, PROPOSED));
  const selection = { from: 4, to: log.size - 1 };
  const without = (...left: number[]) => log.entries.filter(({ index }) => !left.includes(index));
  const roots = rootSetOf(log.keyring);
  const verdict = (...left: number[]) =>
    verifyBundle(log.bundle(selection, { entries: without(...left) }), roots);
  expect(verdict(3).problems).toEqual([]);
  expect(
    verdict(2, 3)
      .problems.map(({ says }) => says)
      .join(),
  ).toMatch(/nobody proposed anything/);
  // The parent's ending explains nothing here.
  expect(verdict().problems.map(({ where }) => where)).toEqual(['entry 3']);
});
