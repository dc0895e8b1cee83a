// What policy alone decides: allowed at once, or never. First the record on this machine's disk, then the act (promise 1):
// what cannot be written down does not run, and what has waited too long for the log ends what runs unasked.

import { toHex } from '../../shared/bytes.ts';
import type { RefusalCode } from '../../shared/domain/refusals.ts';
import type { AutoEntry } from '../../shared/statement/auto.ts';
import { type Cj, encodeCj } from '../../shared/statement/cj1.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { type RandomBytes, sha256Hex } from '../trust/digest.ts';
import { seal } from '../trust/envelope.ts';
import { keyringExpired } from '../trust/keyring.ts';
import type { Asking, Ruled } from './ask.ts';
import { openErrand } from './errand.ts';
import { remeasure } from './exec/remeasure.ts';
import { start } from './exec/start.ts';
import type { World } from './exec/world.ts';
import { holdInterrupts } from './interrupts.ts';
import type { RunEnd, RunEvent, RunPorts } from './run.ts';
import { openAutos } from './state/autos.ts';
import type { Identity } from './state/identity.ts';
import { openQueue } from './state/queue.ts';

/** How long the end of a command waits for the log to have it; after that the next run brings it. */
const FLUSH_MS = 2_000;
/** The broker signs a head at most this often. */
const HEAD_MS = 250;

export async function runUnasked(
  world: World,
  asking: Asking,
  ruled: Ruled,
  ports: RunPorts,
): Promise<RunEnd> {
  const { identity, clock } = ports;
  const { outcome, rules, reason } = ruled.verdict;
  const autos = openAutos(ports.home, clock.now);
  const entry = entryOf(asking, ruled, ports.random);
  if (outcome === 'forbid') {
    // It does not run, whether or not there is room to say so.
    autos.put(entry);
    await bringOwed(ports);
    return { how: 'forbidden', rules, reason };
  }
  if (keyringExpired(identity.trust().keyring, clock.now())) return refused('keyringExpired');
  const changed = await remeasure(world, world.action);
  if (changed) return refused(changed);
  let written = autos.put(entry);
  if (!written.ok && written.code === 'owed') {
    // The broker may be back since: what is owed is brought to it first.
    await bringOwed(ports);
    written = autos.put(entry);
  }
  if (!written.ok)
    return written.code === 'owed'
      ? refused('autosOwed')
      : refused('consumeFailed', written.detail);
  return startUnasked(world, ports, `policy: ${rules.join(', ')}`, { what: 'allowed', rules });
}

const refused = (code: RefusalCode, detail?: string): RunEnd => ({ how: 'refused', code, detail });

/** Nobody was asked about it now: `who` and `says` tell by what it may run. What is owed is brought to the log meanwhile. */
export async function startUnasked(
  world: World,
  ports: RunPorts,
  who: string,
  says: RunEvent,
): Promise<RunEnd> {
  const interrupt = holdInterrupts(ports.self, () => {});
  const interrupted = () => interrupt.signal() !== undefined;
  try {
    ports.tell(says);
    const started = await start(world, { ...ports.start, interrupted });
    if (!started.ok) {
      if (started.code === 'interrupted')
        return { how: 'interrupted', signal: interrupt.signal() ?? 'SIGTERM' };
      return started.code === 'notFound' || started.code === 'notExecutable'
        ? { how: 'notStarted', code: started.code, detail: started.detail }
        : refused(started.code, started.detail);
    }
    // From here the command's own signals count, not ours.
    interrupt.release();
    ports.tell({ what: 'started', pid: started.value.pid });
    const brought = bringOwed(ports);
    const outcome = await started.value.ended;
    await brought;
    return { how: 'ran', outcome, who };
  } finally {
    interrupt.release();
  }
}

/** A broker that is not there is no reason to wait, nor to say so each time: it is owed, and the limit will say it. */
async function bringOwed(ports: RunPorts): Promise<void> {
  const { home, identity, clock } = ports;
  const errand = openErrand(ports);
  await errand.within(FLUSH_MS, async (signal) => {
    await openQueue(home, clock.now).flush(errand.link, errand.inLog, signal);
    const sign = (entries: AutoEntry[]): Uint8Array => sealAutos(entries, identity);
    const autos = openAutos(home, clock.now);
    while ((await autos.flush(errand.link, errand.inLog, sign, signal)) === 'unproven') {
      if (signal.aborted) return;
      await new Promise<void>((resolve) => ports.timers.after(HEAD_MS, resolve));
    }
  });
  errand.stop();
}

export function entryOf(
  { action, agent, mode }: Asking,
  { facts, evaluatedAt, policy, verdict }: Ruled,
  random: RandomBytes,
): AutoEntry {
  return {
    id: toHex(random(16)),
    // An action is plain CJ-1 by its schema.
    action: sha256Hex(encodeCj(action as Cj)),
    agent,
    mode,
    facts,
    evaluatedAt,
    policy: { sha256: policy.sha256, rules: [...verdict.rules] },
    outcome: verdict.outcome === 'allow' ? 'allow' : 'forbid',
  };
}

/** The same entries under the same key are the same bytes: what was sent before is known again. */
export function sealAutos(entries: AutoEntry[], identity: Identity): Uint8Array {
  const { keyring } = identity.trust().keyring;
  const payload = encodeStatement('auto', {
    org: keyring.org,
    log: keyring.log.origin,
    guard: { id: identity.id, keyId: identity.guardKey.keyId, host: identity.host },
    entries,
    at: entries.at(-1)?.evaluatedAt ?? '',
  });
  return seal(payloadTypeOf('auto'), payload, identity.guardKey);
}
