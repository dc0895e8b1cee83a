// Quiet hours, snoozes and what is left to others: who is told, and what is said where nobody else could decide.

import { describe, expect, test } from 'vitest';
import { idOf, MINUTE, ordinal, row, stage } from './attention-stage.ts';

const iso = (at: number): string => new Date(at).toISOString();

describe('quiet', () => {
  const at = (time: { clock: { now: () => number } }, ms: number): string => {
    const local = new Date(time.clock.now() + ms);
    return `${String(local.getHours()).padStart(2, '0')}:${String(local.getMinutes()).padStart(2, '0')}`;
  };

  test('hours hand over: nothing is shown, the notice says so once, and the end brings them', () => {
    const one = stage();
    one.settings.now = {
      ...one.settings.now,
      quietHours: { from: at(one.time, 0), to: at(one.time, 2 * MINUTE) },
    };
    const asked = row('high', one.time);
    one.attention.update([asked]);
    one.attention.update([asked]);
    expect(one.notifier.shown).toEqual([]);
    expect(one.said).toEqual([`handedOver ${ordinal(asked)}`]);
    one.time.advance(2 * MINUTE);
    expect(one.notifier.standing.has(idOf(asked))).toBe(true);
    expect(one.said).toHaveLength(1);
  });

  test('hours begin while something stands: it is taken down and handed over', () => {
    const one = stage();
    one.settings.now = {
      ...one.settings.now,
      quietHours: { from: at(one.time, 3 * MINUTE), to: at(one.time, 60 * MINUTE) },
    };
    const asked = row('high', one.time, { expiresAt: one.time.clock.now() + 60 * MINUTE });
    one.attention.update([asked]);
    expect(one.notifier.standing.size).toBe(1);
    one.time.advance(3 * MINUTE);
    expect(one.notifier.standing.size).toBe(0);
    expect(one.said).toContain(`handedOver ${ordinal(asked)}`);
  });

  test('a snooze says so for each request and ends by itself', () => {
    const one = stage();
    const asked = row('medium', one.time, { expiresAt: one.time.clock.now() + 60 * MINUTE });
    one.attention.update([asked]);
    one.settings.now = {
      ...one.settings.now,
      snoozeUntil: iso(one.time.clock.now() + 15 * MINUTE),
    };
    one.attention.look();
    expect(one.notifier.standing.size).toBe(0);
    expect(one.said).toEqual([`snoozed ${ordinal(asked)}`]);
    expect(one.attention.facts()).toMatchObject({ held: 1, heldForOthers: 1 });
    one.time.advance(15 * MINUTE - 1);
    expect(one.notifier.standing.size).toBe(0);
    one.time.advance(1);
    expect(one.notifier.standing.size).toBe(1);
    expect(one.attention.facts().quiet).toBeUndefined();
  });

  test('where nobody else can decide it says so, softly, and hands nothing over', () => {
    const one = stage({ quietHours: null, sound: 'all' });
    one.settings.now = {
      ...one.settings.now,
      quietHours: { from: at(one.time, 0), to: at(one.time, 30 * MINUTE) },
    };
    one.attention.update([row('high', one.time, { others: 0 })]);
    const [shown] = one.notifier.shown;
    expect(shown).toMatchObject({ id: 'quiet', urgent: false, sound: false });
    expect(shown?.title).toBe('1 request waits, and nobody else can decide');
    expect(shown?.body).toContain('what expires before then is refused');
    expect(one.said.filter((what) => what.startsWith('handedOver'))).toEqual([]);
    expect(one.attention.facts()).toMatchObject({ held: 1, heldForOthers: 0 });
  });

  test.each([
    [true, 1],
    [false, 0],
  ])('critical breaks through as the setting says: %s', (criticalBreaksThrough, count) => {
    const one = stage({ criticalBreaksThrough });
    one.settings.now = {
      ...one.settings.now,
      snoozeUntil: iso(one.time.clock.now() + 15 * MINUTE),
    };
    one.attention.update([row('critical', one.time), row('high', one.time)]);
    expect(one.notifier.shown.filter(({ urgent }) => urgent)).toHaveLength(count);
    expect(one.notifier.shown).toHaveLength(count);
  });

  test('of one request leaves the others; handed over by hand it never comes back', () => {
    const one = stage();
    const [a, b] = [row('medium', one.time), row('medium', one.time)];
    one.attention.update([a, b]);
    expect(one.attention.leave(a.digest, one.time.clock.now() + MINUTE)).toBe(true);
    expect([...one.notifier.standing.keys()]).toEqual([idOf(b)]);
    one.time.advance(MINUTE);
    expect(one.notifier.standing.has(idOf(a))).toBe(true);
    one.attention.leave(b.digest, Number.POSITIVE_INFINITY);
    one.time.advance(8 * MINUTE);
    expect(one.notifier.standing.has(idOf(b))).toBe(false);
    expect(one.said.filter((what) => !what.startsWith('shown'))).toEqual([
      `snoozed ${ordinal(a)}`,
      `handedOver ${ordinal(b)}`,
    ]);
    expect(one.attention.leave('0'.repeat(64), 1)).toBe(false);
  });
});
