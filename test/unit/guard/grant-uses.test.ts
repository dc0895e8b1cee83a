// Numbered uses on disk: exclusive, bounded, and an end that is remembered.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type GrantUses, openGrantUses } from '../../../main/guard/state/grant-uses.ts';
import type { GrantTerms } from '../../../shared/statement/grant.ts';
import { SAMPLES } from '../../kit/sample-statements.ts';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const HOUR = 3_600_000;
const DIGEST = 'd'.repeat(64);
const ACTION = 'a'.repeat(64);
const { perHour: _, ...plain } = SAMPLES.grant.terms;

let home: { readonly guard: string };
beforeEach(() => {
  home = { guard: mkdtempSync(join(tmpdir(), 'countersign-uses-')) };
});
afterEach(() => rmSync(home.guard, { recursive: true, force: true }));

const take = (uses: GrantUses, change: Partial<GrantTerms> = {}, now = NOW) =>
  uses.take({ sha256: DIGEST, says: { ...plain, ...change } }, ACTION, now);

test('gives each number once, whoever asks, and then no more', () => {
  const [one, two] = [openGrantUses(home), openGrantUses(home)];
  expect([take(one), take(two), take(one)].map((got) => got.ok && got.value)).toEqual([1, 2, 3]);
  expect(take(two)).toMatchObject({ ok: false, code: 'usedUp' });
  expect(take(openGrantUses(home))).toMatchObject({ ok: false, code: 'usedUp' });
});

test('counts the uses of an hour, and frees them after it', () => {
  const uses = openGrantUses(home);
  const bound = { uses: 9, perHour: 2 };
  expect(take(uses, bound).ok && take(uses, bound).ok).toBe(true);
  expect(take(uses, bound, NOW + HOUR - 1)).toMatchObject({ code: 'hourUsedUp' });
  expect(take(uses, bound, NOW + HOUR)).toEqual({ ok: true, value: 3 });
});

test('remembers an end for every later run', () => {
  openGrantUses(home).end(DIGEST, 'ended', NOW);
  expect(openGrantUses(home).whyOver(DIGEST)).toBe('ended');
  expect(take(openGrantUses(home))).toMatchObject({ ok: false, code: 'ended' });
  expect(openGrantUses(home).whyOver('e'.repeat(64))).toBeUndefined();
});

test('takes an end that cannot be read for an end, and a use for a use', () => {
  const folder = join(home.guard, 'grants', DIGEST);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'use-002'), 'x', { mode: 0o600 });
  expect(take(openGrantUses(home))).toMatchObject({ ok: false, code: 'clockBack' });
  writeFileSync(join(folder, 'over.json'), 'x', { mode: 0o600 });
  expect(openGrantUses(home).whyOver(DIGEST)).toBe('ended');
});

test('a folder that cannot be written lets nothing be used', () => {
  writeFileSync(join(home.guard, 'grants'), 'x');
  expect(take(openGrantUses(home))).toMatchObject({ ok: false, code: 'useNotWritten' });
});
