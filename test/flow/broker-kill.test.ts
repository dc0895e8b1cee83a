// R1 at a quick count: the writer is killed with signal 9 in the middle of its work, and everything that it had
// acknowledged is there, in a log that verifies from its first leaf to its last.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { toHex, utf8 } from '../../shared/bytes.ts';
import { exportPkcs8 } from '../../main/trust/ed25519.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { leafHash } from '../../main/trust/merkle.ts';
import { logKey, scratch } from '../unit/ledger/kit.ts';

const CYCLES = Number(process.env['COUNTERSIGN_KILLS'] ?? 30);
const CHILD = fileURLToPath(new URL('append-child.ts', import.meta.url));

/** Kills the child after a number of acknowledgements that differs each time. */
async function killAfter(child: ChildProcess, acks: number): Promise<number> {
  let text = '';
  child.stdout?.on('data', (part: Buffer) => {
    text += part.toString('utf8');
    if (text.split('\n').length > acks) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  const whole = text.slice(0, text.lastIndexOf('\n')).split('\n');
  return Number(whole.at(-1));
}

test(`${CYCLES} kills lose nothing that was acknowledged`, { timeout: 120_000 }, async () => {
  const log = scratch();
  let size = 0;
  let lost = 0;
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const argv = [CHILD, log.path, toHex(exportPkcs8(logKey))];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    const acked = await killAfter(child, 1 + ((cycle * 37) % 90));
    const ledger = log.open();
    expect(ledger.health.ok).toBe(true);
    if (ledger.size <= acked) lost += 1;
    expect(ledger.size).toBeGreaterThan(size);
    size = ledger.size;
    ledger.close();
  }
  const ledger = log.open();
  const frontier = new Frontier();
  for (const { index, leaf } of ledger.query.leaves(0, size)) {
    expect(leaf).toEqual(utf8(`leaf ${index}`));
    frontier.append(leafHash(leaf));
  }
  expect(frontier.size).toBe(size);
  expect(frontier.root()).toEqual(ledger.root());
  ledger.append([]);
  expect(ledger.query.quickCheck()).toBe(true);
  expect(lost).toBe(0);
  log.clean();
});
