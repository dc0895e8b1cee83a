// The app's part that signs and syncs, as a process to be killed: real replica, real store process, real signatures over a
// log that anyone can compute from its index. What it prints had happened before. argv: store entry, store file, hex of
// the log key's PKCS #8, hex of the decision key's.

import { writeSync } from 'node:fs';
import { invariant } from '../../shared/result.ts';
import { signDecision } from '../../main/app/decide.ts';
import { openReplica } from '../../main/app/replica.ts';
import { openStoreProcess } from '../../main/app/store/client.ts';
import { childEnvironment } from '../../main/hosts/processes/environment.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { deskEntryOf, keyFrom, leafAt, logThrough, signingBy, vkeyText } from './app-log.ts';

const [, , entry = '', path = '', logKey = '', decisionKey = ''] = process.argv;
const log = keyFrom(logKey);
const key = keyFrom(decisionKey);
const say = (line: string): void => void writeSync(1, `${line}\n`);

const opened = await openStoreProcess({ entry, path, env: childEnvironment(process.env) });
invariant(opened.ok, `the store opens: ${opened.ok ? '' : opened.detail}`);
const { store, pid, mended, lost } = opened.value;
say(`store ${pid}`);
// A kill is no damage: nothing had to be replaced.
if (mended !== undefined) say(`trouble ${mended}`);
void lost.then(() => process.exit(9));

const replica = await openReplica({
  store,
  vkey: vkeyText(log),
  now: Date.now,
  alarm: (code, detail) => say(`trouble ${code}: ${detail}`),
});
for (const { seq, sha256 } of await store.unsettledDecisions()) say(`sent ${seq} ${sha256}`);
const truth = logThrough(replica.size(), log);
say(`up ${replica.size()}`);

/** What the log sends: leaves, and now and then the note over them. */
async function sync(): Promise<never> {
  for (let round = 0; ; round += 1) {
    const leaves = Array.from({ length: 1 + (round % 5) }, (_, i) => leafAt(replica.size() + i));
    for (const leaf of leaves) truth.append(leaf);
    const note = truth.note();
    if (round % 3 === 0) await replica.judge(note);
    const took = await replica.take(leaves);
    invariant(took, 'the true log is taken');
    say(`held ${replica.size()}`);
    if (round % 3 !== 1) continue;
    await replica.judge(note);
    say(`noted ${replica.size()}`);
  }
}

/** What a person does: a place in the chain, a signature, on disk, and only then on the way. */
async function sign(): Promise<never> {
  for (let n = 0; ; n += 1) {
    const place = await store.nextDecision(key.keyId);
    const note = replica.checkpoint() ?? truth.checkpoint();
    const decision = signDecision(
      deskEntryOf(n),
      { verdict: n % 2 === 0 ? 'approve' : 'deny' },
      { presence: 'click', view: { renderer: 'text/1', sha256: '1'.repeat(64), flags: [] } },
      signingBy(key, note, place, systemRandom),
    );
    await store.putDecision(decision);
    say(`sent ${decision.seq} ${decision.sha256}`);
    if (n % 2 === 0) await store.settleDecision(decision.sha256, 'logged', undefined);
  }
}

await Promise.all([sync(), sign()]).catch(() => process.exit(9));
