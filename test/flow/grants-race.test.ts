// Processes at once over one grant: each number is one process's, and there are as many as were signed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { USES_OF_RACE } from '../kit/grant-race.ts';

const PROCESSES = 12;

test('of 12 processes that take all they can, none has a number of another, and no number is missing', async () => {
  const guard = mkdtempSync(join(tmpdir(), 'countersign-grant-race-'));
  const script = fileURLToPath(new URL('../kit/grant-use-child.ts', import.meta.url));
  try {
    const children = Array.from({ length: PROCESSES }, () =>
      spawn(process.execPath, [script, guard], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const said = children.map((child) => {
      const chunks: string[] = [];
      child.stdout.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
      return chunks;
    });
    const ended = children.map((child) => once(child, 'close'));
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    for (const child of children) child.stdin.write('now');
    await Promise.all(ended);
    const words = said.flatMap((chunks) => chunks.join('').replace('ready\n', '').split(' '));
    const numbers = words.filter((word) => /^[0-9]+$/.test(word)).map(Number);
    expect(numbers).toHaveLength(USES_OF_RACE);
    expect(new Set(numbers).size).toBe(USES_OF_RACE);
    expect(Math.max(...numbers)).toBe(USES_OF_RACE);
    expect(words.filter((word) => word === 'usedUp')).toHaveLength(PROCESSES);
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
});
