// broker-*: one request to thousands of reviewers beside a bare broadcast, and a broker that is killed while it works.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchFanout } from './broker-fanout.ts';
import { benchRestart } from './broker-restart.ts';
import type { Options, Say } from './options.ts';
import type { Verdict } from './verdict.ts';

export async function benchBroker(options: Options, verdict: Verdict, say: Say): Promise<void> {
  for (const [name, bench] of [
    ['broker-fanout', benchFanout],
    ['broker-restart', benchRestart],
  ] as const) {
    if (!options.wants(name)) continue;
    const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
    chmodSync(folder, 0o700);
    try {
      await bench(folder, options, verdict, say);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
