import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMarks } from '../../../main/state/high-mark.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-race-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('many processes at once', { timeout: 60_000 }, () => {
  test('of 50 processes exactly one claims a name', async () => {
    const path = join(folder, 'consumed');
    const outcomes = await race(Array.from({ length: 50 }, () => ['claim', path]));
    expect(outcomes.filter((line) => line === 'created')).toHaveLength(1);
    expect(outcomes.filter((line) => line === 'exists')).toHaveLength(49);
    expect(readFileSync(path, 'utf8')).toMatch(/^[0-9]+$/);
  });

  test('of 12 processes all get the same key', async () => {
    const outcomes = await race(Array.from({ length: 12 }, () => ['key', join(folder, 'k.pem')]));
    expect(new Set(outcomes).size).toBe(1);
    expect(outcomes[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  test('the highest of 12 marks raised at once is the one that stays', async () => {
    const outcomes = await race(
      Array.from({ length: 12 }, (_, i) => ['mark', folder, String(100 + i)]),
    );
    expect(outcomes.every((line) => line === 'raised' || line === 'lower')).toBe(true);
    const marks = readMarks(folder, 'checkpoint');
    expect(marks.ok && marks.value.at(-1)?.number).toBe(111);
  });
});

/** Starts all, lets them go together once each is ready, and gives the last line of each. */
async function race(contenders: readonly (readonly string[])[]): Promise<readonly string[]> {
  const script = fileURLToPath(new URL('contender.ts', import.meta.url));
  const children = contenders.map((args) => {
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, lines };
  });
  for (const { lines } of children) expect((await lines.next()).value).toBe('ready');
  for (const { child } of children) child.stdin.end();
  return Promise.all(children.map(async ({ lines }) => String((await lines.next()).value)));
}
