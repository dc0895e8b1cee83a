// log-append: batches of a busy broker, each on disk, signed and proven before the next: the proof is there before anybody
// is released. Entries are of a broker's usual size.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '../../shared/result.ts';
import { openLedger } from '../../main/ledger/ledger.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { generateKeyPair, publicKeyOf } from '../../main/trust/ed25519.ts';
import { leafHash, verifyInclusion } from '../../main/trust/merkle.ts';
import { inclusionProof } from '../../main/trust/tree.ts';
import { NOTE_TYPE, vkeyOf } from '../../main/trust/vkey.ts';
import { watchMachine } from './busy.ts';
import type { Options, Say } from './options.ts';
import { at, round, type Verdict } from './verdict.ts';

const BATCHES = 300;

export function benchAppend(_: Options, verdict: Verdict, say: Say): void {
  verdict.part('log-append: on disk, signed and proven, batch after batch');
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const key = generateKeyPair();
  const opened = openLedger(
    join(folder, 'log.sqlite'),
    vkeyOf('log.bench/1', NOTE_TYPE, publicKeyOf(key)),
  );
  invariant(opened.ok, 'a new log');
  const ledger = opened.value;
  for (const size of [1, 32, 100]) {
    const watched = watchMachine();
    const ms: number[] = [];
    for (let n = 0; n < BATCHES; n += 1) {
      const batch = Array.from({ length: size }, entry);
      const from = performance.now();
      const indexes = ledger.append(batch);
      const head = ledger.seal(key);
      invariant(indexes.ok && head.ok, 'there is room on the disk');
      const proofs = indexes.value.map((one) =>
        inclusionProof(ledger.nodes, one ?? 0, head.value.size),
      );
      ms.push(performance.now() - from);
      const [proof = []] = proofs;
      const hash = leafHash(batch[0]?.leaf.leaf ?? new Uint8Array());
      const claim = { index: indexes.value[0] ?? 0, leafHash: hash, proof, ...head.value };
      invariant(verifyInclusion(claim), 'the proof is one');
    }
    const perSecond = Math.round((size * BATCHES * 1000) / ms.reduce((sum, one) => sum + one, 0));
    verdict.seen(watched());
    say(
      `  ${size} at once: ${perSecond} entries/s, to the proof p50 ${round(at(ms, 0.5))} p99 ${round(at(ms, 0.99))} ms`,
    );
  }
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
}

function entry() {
  const payload = new Uint8Array(randomBytes(640));
  return {
    leaf: { leaf: new Uint8Array(randomBytes(280)), payload, payloadSha256: sha256Hex(payload) },
  };
}
