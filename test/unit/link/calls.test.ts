import { describe, expect, test } from 'vitest';
import { Calls } from '../../../main/link/calls.ts';
import { handClock } from './world.ts';

const RECEIPT = { envelope: '{}' };
const idOf = (n: number) => n.toString(16).padStart(32, '0');

function table() {
  const clock = handClock();
  const written: string[] = [];
  const wire = { open: true };
  const calls = new Calls({
    timers: clock,
    random: (size) => new Uint8Array(size),
    write: (text) => {
      if (wire.open) written.push(JSON.parse(text).id);
      return wire.open;
    },
  });
  return { clock, written, wire, calls };
}

describe('calls', () => {
  test('settle once: a second answer is a stray', async () => {
    const { calls } = table();
    const answer = calls.add('receipt', idOf(1), RECEIPT);
    expect(calls.answer({ t: 'ack', ref: idOf(1), body: { index: 3 } })).toBe('settled');
    expect(calls.answer({ t: 'refused', ref: idOf(1), body: { code: 'expired' } })).toBe('stray');
    expect(await answer).toEqual({ ok: true, value: { index: 3 } });
  });

  test('a refusal that says when to come back is handed on with it, and is not said again by itself', async () => {
    const { calls, clock, written } = table();
    const answer = calls.add('request', idOf(1), RECEIPT);
    const body = { code: 'tooManyQuestions', retryAfterMs: 90_000 } as const;
    calls.answer({ t: 'refused', ref: idOf(1), body });
    expect(await answer).toEqual({ ok: false, code: 'tooManyQuestions', retryAfterMs: 90_000 });
    clock.advance(3_600_000);
    expect(written).toEqual([idOf(1)]);
  });

  test('the same id and text is the same call; the same id with other text is refused', async () => {
    const { calls, written } = table();
    const answers = [
      calls.add('receipt', idOf(1), RECEIPT),
      calls.add('receipt', idOf(1), RECEIPT),
      calls.add('receipt', idOf(1), { envelope: '{"a":1}' }),
    ];
    calls.answer({ t: 'ack', ref: idOf(1), body: {} });
    expect(await Promise.all(answers)).toMatchObject([
      { ok: true },
      { ok: true },
      { code: 'duplicate' },
    ]);
    expect(written).toEqual([idOf(1)]);
  });

  test('what is not a message is refused here, unwritten', async () => {
    const { calls, written } = table();
    expect(await calls.add('receipt', 'short', RECEIPT)).toMatchObject({ code: 'badFrame' });
    const wide = { envelope: '€'.repeat(100_000) };
    expect(await calls.add('receipt', idOf(1), wide)).toMatchObject({ code: 'tooLarge' });
    expect(written).toEqual([]);
  });

  test('at most 64 are in flight; each answer lets the next one go, in order', () => {
    const { calls, written } = table();
    for (let n = 0; n < 100; n++) void calls.add('receipt', idOf(n), RECEIPT);
    expect(written).toEqual(Array.from({ length: 64 }, (_, n) => idOf(n)));
    calls.answer({ t: 'ack', ref: idOf(5), body: {} });
    expect(written.slice(64)).toEqual([idOf(64)]);
  });

  test('a full socket holds the rest back until it has drained', () => {
    const { calls, written, wire } = table();
    wire.open = false;
    void calls.add('receipt', idOf(1), RECEIPT);
    void calls.add('receipt', idOf(2), RECEIPT);
    expect(written).toEqual([]);
    wire.open = true;
    calls.flush();
    expect(written).toEqual([idOf(1), idOf(2)]);
  });

  test('after a cut the unanswered go again in their first order, the answered do not', () => {
    const { calls, written } = table();
    for (const n of [1, 2, 3]) void calls.add('receipt', idOf(n), RECEIPT);
    calls.answer({ t: 'ack', ref: idOf(2), body: {} });
    calls.cut();
    written.length = 0;
    expect(calls.answer({ t: 'ack', ref: idOf(1), body: {} })).toBe('stray');
    calls.flush();
    expect(written).toEqual([idOf(1), idOf(3)]);
  });

  test('an answer of another kind settles nothing', () => {
    const { calls } = table();
    void calls.add('prove', idOf(1), { first: 1, second: 2 });
    expect(calls.answer({ t: 'ack', ref: idOf(1), body: {} })).toBe('strange');
    expect(
      calls.answer({ t: 'proof', ref: idOf(1), body: { first: 1, second: 2, proof: [] } }),
    ).toBe('settled');
  });

  test('a caller that gives up is told closed, and its call is not sent again', async () => {
    const { calls, written, clock } = table();
    const giveUp = new AbortController();
    const answer = calls.add('receipt', idOf(1), RECEIPT, giveUp.signal);
    calls.answer({ t: 'refused', ref: idOf(1), body: { code: 'busy', retryAfterMs: 100 } });
    giveUp.abort();
    expect(await answer).toMatchObject({ code: 'closed' });
    expect(clock.waiting()).toBe(0);
    clock.advance(60_000);
    expect(written).toEqual([idOf(1)]);
    const late = await calls.add('receipt', idOf(2), RECEIPT, giveUp.signal);
    expect(late).toMatchObject({ code: 'closed' });
  });

  test('busy without a time waits a second, and never longer than 45 s', () => {
    const { calls, written, clock } = table();
    void calls.add('receipt', idOf(1), RECEIPT);
    calls.answer({ t: 'refused', ref: idOf(1), body: { code: 'busy' } });
    clock.advance(999);
    expect(written).toHaveLength(1);
    clock.advance(1);
    expect(written).toHaveLength(2);
    calls.answer({ t: 'refused', ref: idOf(1), body: { code: 'busy', retryAfterMs: 10 ** 12 } });
    clock.advance(45_000);
    expect(written).toHaveLength(3);
  });

  test('busy, then cut: the call goes when its wait is over and there is a connection', () => {
    const { calls, written, clock, wire } = table();
    void calls.add('receipt', idOf(1), RECEIPT);
    calls.answer({ t: 'refused', ref: idOf(1), body: { code: 'busy', retryAfterMs: 500 } });
    wire.open = false;
    calls.cut();
    clock.advance(500);
    expect(written).toHaveLength(1);
    wire.open = true;
    calls.flush();
    expect(written).toHaveLength(2);
  });
});
