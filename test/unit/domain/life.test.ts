// A request's life goes one way: one ending, and approved only where enough people approved and nobody had denied.

import { array, assert, boolean, constantFrom, oneof, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, type Life, type LifeEvent, NEW_LIFE } from '../../../shared/domain/life.ts';
import { ENDINGS, RECEIPT_STATES } from '../../../shared/statement/followups.ts';

const event = oneof(
  record({
    what: constantFrom('decision' as const),
    verdict: constantFrom('approve' as const, 'deny' as const),
    enough: boolean(),
  }),
  record({ what: constantFrom('ending' as const), how: constantFrom(...ENDINGS) }),
  record({ what: constantFrom('receipt' as const), state: constantFrom(...RECEIPT_STATES) }),
);

const live = (
  events: readonly LifeEvent[],
): { readonly life: Life; readonly taken: LifeEvent[] } => {
  let life = NEW_LIFE;
  const taken: LifeEvent[] = [];
  for (const one of events) {
    const next = advance(life, one);
    if (!next.ok) continue;
    life = next.value;
    taken.push(one);
  }
  return { life, taken };
};

describe('whatever comes in whatever order', () => {
  const always = (holds: (events: readonly LifeEvent[]) => void): void =>
    assert(property(array(event, { maxLength: 12 }), holds), { numRuns: 2_000 });

  test('there is at most one ending, and it stays', () => {
    always((events) => {
      const { life, taken } = live(events);
      const endings = taken.filter((one) => one.what === 'ending');
      expect(endings.length).toBeLessThanOrEqual(1);
      expect(life.how).toBe(endings[0]?.what === 'ending' ? endings[0].how : undefined);
      expect(life.stage === 'ended').toBe(endings.length === 1);
    });
  });

  test('it is approved only by an approval that was enough, before any denial and any ending', () => {
    always((events) => {
      const { life, taken } = live(events);
      const decisive = taken.find(
        (one) => one.what === 'decision' && (one.verdict === 'deny' || one.enough),
      );
      const verdict = decisive?.what === 'decision' ? decisive.verdict : undefined;
      expect(life.verdict).toBe(verdict);
      const end = taken.findIndex((one) => one.what === 'ending');
      const decisions = taken.flatMap((one, i) => (one.what === 'decision' ? [i] : []));
      if (end >= 0) for (const at of decisions) expect(at).toBeLessThan(end);
    });
  });

  test('nothing is decided twice', () => {
    always((events) => {
      const { taken } = live(events);
      const decisive = taken.filter(
        (one) => one.what === 'decision' && (one.verdict === 'deny' || one.enough),
      );
      expect(decisive.length).toBeLessThanOrEqual(1);
    });
  });
});

test('an approval that is not enough leaves it open', () => {
  const partly = advance(NEW_LIFE, { what: 'decision', verdict: 'approve', enough: false });
  expect(partly).toEqual({ ok: true, value: NEW_LIFE });
});

test('receipts come after the ending too, and change neither verdict nor ending', () => {
  const { life } = live([
    { what: 'decision', verdict: 'approve', enough: true },
    { what: 'receipt', state: 'consumed' },
    { what: 'ending', how: 'approved' },
    { what: 'receipt', state: 'finished' },
  ]);
  expect(life).toEqual({ stage: 'ended', verdict: 'approve', how: 'approved', run: 'finished' });
});

test.each(['approved', 'approvedWithChanges'] as const)(
  'nothing ends %s that was not approved',
  (how) => {
    expect(advance(NEW_LIFE, { what: 'ending', how })).toMatchObject({ ok: false });
    const denied = live([{ what: 'decision', verdict: 'deny', enough: true }]).life;
    expect(advance(denied, { what: 'ending', how })).toMatchObject({ ok: false });
  },
);
