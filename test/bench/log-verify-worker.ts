// One part of a full check of a stored log: the leaves of an aligned range are read, each payload compared with its leaf, each
// decision's signature verified, and the range's root computed. As a worker thread, or called as it is. It opens the file to
// read and nothing else: the product opens a log only as its writer, with such a reader beside it.

import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { invariant } from '../../shared/result.ts';
import { SETTINGS, type Writer } from '../../main/ledger/database.ts';
import { Queries } from '../../main/ledger/queries.ts';
import { Tables } from '../../main/ledger/tables.ts';
import { publicKeyFromSpki } from '../../main/trust/ed25519.ts';
import { verifyEnvelope } from '../../main/trust/envelope.ts';
import { payloadTypeOf } from '../../shared/statement/statement.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { joinLeaf, parseLeaf } from '../../main/trust/leaf.ts';
import { leafHash } from '../../main/trust/merkle.ts';

export type Part = {
  readonly path: string;
  readonly spki: Uint8Array;
  readonly from: number;
  readonly to: number;
};
export type Checked = {
  readonly root: Uint8Array;
  readonly bad: number;
  readonly signatures: number;
};

const AT_ONCE = 2000;
const DECISION = payloadTypeOf('decision');

export async function checkPart({ path, spki, from, to }: Part): Promise<Checked> {
  const key = publicKeyFromSpki(spki);
  invariant(key.ok, 'a key of this bench');
  const file = openReader(path);
  // The queries only read; the mark that is missing says who may write.
  const query = new Queries(file as Writer, new Tables(file as Writer));
  const frontier = new Frontier();
  let [bad, signatures] = [0, 0];
  for (let at = from; at < to; at += AT_ONCE) {
    for (const { leaf, payload } of query.leaves(at, Math.min(at + AT_ONCE, to))) {
      frontier.append(leafHash(leaf));
      const parsed = parseLeaf(leaf);
      const envelope = parsed.ok && payload ? joinLeaf(parsed.value, payload) : undefined;
      if (!envelope || !envelope.ok) bad += 1;
      else if (envelope.value.payloadType === DECISION) {
        signatures += 1;
        if (!verifyEnvelope(envelope.value, key.value)) bad += 1;
      }
    }
    // As whoever checks much in the product: a loop that gives no turn away never gets the quicker verifier.
    await new Promise((resolve) => setImmediate(resolve));
  }
  file.close();
  return { root: frontier.root(), bad, signatures };
}

/** As the ledger opens its own reader. */
function openReader(path: string): Database.Database {
  const reader = new Database(path, { readonly: true, fileMustExist: true });
  for (const setting of SETTINGS) reader.pragma(setting);
  reader.pragma('query_only = 1');
  return reader;
}

if (!isMainThread) {
  // What `checkInThread` handed in: one of its own.
  const parts = workerData as readonly Part[];
  const checked: Checked[] = [];
  for (const part of parts) checked.push(await checkPart(part));
  parentPort?.postMessage(checked);
}
