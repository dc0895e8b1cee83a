// A run that is killed between its release and its end is told of as unknown, once, by whoever comes next; one that lives or
// has ended is not.

import { afterEach, expect, test } from 'vitest';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markEnded, markRunning, sayUnknown } from '../../../main/guard/state/running.ts';
import { emptyHome } from '../../kit/guard-world.ts';

const homes: string[] = [];
afterEach(() => {
  for (const root of homes.splice(0)) rmSync(root, { recursive: true, force: true });
});
const newHome = () => {
  const home = emptyHome();
  homes.push(home.root);
  return home;
};
const NONCE = 'a'.repeat(64);
const WHAT = { request: 'b'.repeat(64), decisions: ['c'.repeat(64)] };

/** As a run that is no more has left it. */
function orphan(home: { guard: string }, change: object = { pid: 2 ** 22 + 1 }): void {
  const path = join(home.guard, 'running', NONCE);
  const mark = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...mark, ...change }), { mode: 0o600 });
}
const said = (home: { guard: string }, answer = true): string[] => {
  const heard: string[] = [];
  sayUnknown(home, ({ request }) => {
    heard.push(request);
    return answer;
  });
  return heard;
};

test('a run that is gone is said to be unknown, once', () => {
  const home = newHome();
  expect(markRunning(home, NONCE, WHAT)).toBe(true);
  orphan(home);
  expect(said(home)).toEqual([WHAT.request]);
  expect(said(home)).toEqual([]);
});

test('a run whose number another process has now is gone', () => {
  const home = newHome();
  markRunning(home, NONCE, WHAT);
  orphan(home, { pid: process.pid, began: '1' });
  expect(said(home)).toEqual([WHAT.request]);
});

test('a run that lives is not', () => {
  const home = newHome();
  markRunning(home, NONCE, WHAT);
  expect(said(home)).toEqual([]);
});

test('a run that has ended is not', () => {
  const home = newHome();
  markRunning(home, NONCE, WHAT);
  orphan(home);
  markEnded(home, NONCE);
  expect(said(home)).toEqual([]);
});

test('what could not be written down is said again', () => {
  const home = newHome();
  markRunning(home, NONCE, WHAT);
  orphan(home);
  expect(said(home, false)).toEqual([WHAT.request]);
  expect(readdirSync(join(home.guard, 'running'))).toEqual([NONCE]);
  expect(said(home)).toEqual([WHAT.request]);
});
