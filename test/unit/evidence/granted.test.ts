// What ran on a grant, for an auditor: each use is judged again from the grants that it names, and each way to forge one fails
// and says why.

import { expect, test } from 'vitest';
import { rootSetOf } from '../../../main/trust/keyring.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { verifyBundle } from '../../../main/evidence/verify.ts';
import { holdEverything } from '../../../main/policy/policy.ts';
import { toB64, toHex, utf8 } from '../../../shared/bytes.ts';
import { type Cj, encodeCj } from '../../../shared/statement/cj1.ts';
import type { AutoEntry } from '../../../shared/statement/auto.ts';
import type { Grant, GrantTerms } from '../../../shared/statement/grant.ts';
import { encodeStatement } from '../../../shared/statement/statement.ts';
import { digestOf, grantEndOf, grantOf, termsOf } from '../../kit/granting.ts';
import { HOST, LOG_ORIGIN, type Person } from '../../kit/guard-world.ts';
import { EvidenceLog } from './world.ts';

const judged = (log: EvidenceLog) => verifyBundle(log.bundle(), rootSetOf(log.keyring));
const says = (log: EvidenceLog): string =>
  judged(log)
    .problems.map((one) => `${one.where}: ${one.says}`)
    .join('\n');

type Stage = {
  readonly log: EvidenceLog;
  readonly request: string;
  readonly terms: GrantTerms;
  readonly grant: (change?: Partial<Grant>, who?: Person) => string;
  readonly end: () => void;
  readonly use: (use: number, change?: Partial<AutoEntry>, more?: Partial<Used>) => void;
};
type Used = { readonly grants: string[]; readonly terms: string; readonly request: string };
const FACTS = {
  kind: 'exec',
  capabilities: ['write'],
  unknown: false,
  secretPath: false,
  secrets: 0,
};

/** Asked, approved, run; whoever grants is alice. */
function stage(change: Partial<GrantTerms> = {}): Stage {
  const log = new EvidenceLog();
  const request = log.ask();
  log.run(request, [log.decide(request, log.keys.alice)]);
  const now = Date.parse(log.now);
  const asked = log.requestOf(request);
  const terms = termsOf({ ...asked, facts: FACTS }, now, { uses: 2, ...change });
  const grants: string[] = [];
  let count = 0;
  return {
    log,
    request,
    terms,
    grant: (more = {}, who = log.keys.alice) => {
      const by = { who, keyring: log.keyring, note: log.note(), now: Date.parse(log.now) };
      const plain = grantOf(request, terms, by);
      const keyring = sha256Hex(encodeStatement('keyring', log.keyring));
      const grant = { ...plain, keyring: { version: 1, sha256: keyring }, ...more };
      const digest = log.say('grant', grant, who.decision);
      grants.push(digest);
      return digest;
    },
    end: () => {
      const who = log.keys.bob;
      const end = grantEndOf(request, terms, { who, now: Date.parse(log.now) });
      log.say('grantEnd', end, who.decision);
    },
    use: (use, more = {}, named = {}) => {
      const entry: AutoEntry = {
        id: toHex(utf8(`use number ${String((count += 1)).padStart(5, '0')}`)),
        action: sha256Hex(encodeCj(asked.action as Cj)),
        agent: asked.agent,
        mode: 'run',
        facts: FACTS,
        evaluatedAt: log.now,
        policy: { sha256: holdEverything().sha256, rules: ['hold-everything'] },
        outcome: 'allow',
        grant: { request, terms: digestOf(terms), grants: grants.toSorted(), use, ...named },
        ...more,
      };
      const guard = { id: 'guard-1', keyId: log.keys.guard.keyId, host: HOST };
      const auto = { org: 'org', log: LOG_ORIGIN, guard, entries: [entry], at: log.now };
      log.say('auto', auto, log.keys.guard);
    },
  };
}

test('two uses of a grant of two verify, and are counted', () => {
  const { log, grant, use } = stage();
  grant();
  use(1);
  use(2);
  expect(says(log)).toBe('');
  expect(judged(log).checked.grants).toBe(2);
});

test('an end after the last use changes nothing', () => {
  const { log, grant, use, end } = stage();
  grant();
  use(1);
  end();
  expect(says(log)).toBe('');
});

test('what a condition let run says that the condition was not evaluated here', () => {
  const { log, grant, use } = stage({ actions: { when: 'context.root' } });
  grant();
  use(1);
  expect(judged(log).verified).toBe(true);
  expect(judged(log).notChecked.join()).toMatch(/whether the condition of entry \d+ held/);
});

test.each<[string, RegExp, (by: Stage) => void, Partial<GrantTerms>?]>([
  [
    'a third use of two',
    /it is use 3 of a grant of 2/,
    ({ grant, use }) => {
      grant();
      for (const number of [1, 2, 3]) use(number);
    },
  ],
  [
    'the same number twice',
    /use 1 of its grant was used before/,
    ({ grant, use }) => {
      grant();
      use(1);
      use(1);
    },
  ],
  [
    'more in an hour than granted',
    /number 2 within an hour of a grant of 1 an hour/,
    ({ grant, use }) => {
      grant();
      use(1);
      use(2);
    },
    { perHour: 1 },
  ],
  [
    'a use after the end of the grant',
    /its grant had been ended at entry \d+/,
    ({ grant, use, end }) => {
      grant();
      end();
      use(1);
    },
  ],
  [
    'a use after the time of the grant',
    /the grant is over/,
    ({ grant, use, log }) => {
      grant();
      use(1, { evaluatedAt: new Date(Date.parse(log.now) + 2 * 3_600_000).toISOString() });
    },
  ],
  [
    'another action',
    /of another action/,
    ({ grant, use }) => {
      grant();
      use(1, { action: '0'.repeat(64) });
    },
  ],
  [
    'another agent',
    /for another agent/,
    ({ grant, use, log, request }) => {
      grant();
      use(1, { agent: { ...log.requestOf(request).agent, id: 'mallory' } });
    },
  ],
  [
    'a grant that is not there',
    /the grant it rests on is not here/,
    ({ grant, use }) => {
      grant();
      use(1, {}, { grants: ['0'.repeat(64)] });
    },
  ],
  [
    'a grant that came later',
    /it came after what it is to have let run|the grant it rests on is not here/,
    ({ grant, use, log, request, terms }) => {
      const by = { who: log.keys.alice, keyring: log.keyring, note: log.note(), now: 0 };
      const later = grantOf(request, terms, { ...by, now: Date.parse(log.now) + 1000 });
      use(1, {}, { grants: [sha256Hex(encodeStatement('grant', later))] });
      grant();
    },
  ],
  [
    'terms that the screen showed otherwise',
    /the text that was on screen is not what its terms say/,
    ({ grant }) =>
      void grant({ view: { renderer: 'countersign-terms/1', sha256: '0'.repeat(64) } }),
  ],
  [
    'a grant from a notification',
    /a weaker gesture than its tier demands/,
    ({ grant, use }) => {
      grant({ presence: 'notification' });
      use(1);
    },
  ],
  [
    'a grant that carries another head',
    /the head it carries is not signed by the log/,
    ({ grant }) => void grant({ checkpoint: toB64(utf8('other\n1\n')) }),
  ],
])('%s fails', (_, why, forge, change) => {
  const made = stage(change);
  forge(made);
  expect(says(made.log)).toMatch(why);
  expect(judged(made.log).verified).toBe(false);
});
