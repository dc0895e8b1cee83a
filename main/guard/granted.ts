// What policy holds and a grant lets run: first a number of its uses on this machine's disk, then the record proven to be in the
// log, then the act. Whatever fails on the way leaves at most a number that is used up, and the action is asked as ever.

import { fromUtf8, toHex } from '../../shared/bytes.ts';
import { type GrantRefusal, whyNotGrantable, whyNotNow } from '../../shared/domain/grant.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { AutoEntry } from '../../shared/statement/auto.ts';
import { sha256 } from '../trust/digest.ts';
import { type Asked, type Asking, guardEnded, type Ruled } from './ask.ts';
import { type Errand, openErrand } from './errand.ts';
import { remeasure } from './exec/remeasure.ts';
import type { World } from './exec/world.ts';
import { findGrants, type Granted } from './grants.ts';
import type { RunEnd, RunPorts } from './run.ts';
import { type GrantUses, openGrantUses } from './state/grant-uses.ts';
import { entryOf, sealAutos, startUnasked } from './unasked.ts';
import { type Wanted, wantedOf } from './verify/grant.ts';

/** How long a run looks for a grant before it asks people: they are told of nothing meanwhile. */
const LOOK_MS = 3_000;
/** Between two looks for people who have seen the newest head, or for the head that has the record. */
const AGAIN_MS = 200;

type Used = { readonly granted: Granted; readonly use: number };

/** Undefined where no grant lets it run: then `made`, which a grant is held against, is asked as it stands. */
export async function runGranted(
  world: World,
  asking: Asking,
  ruled: Ruled,
  made: Asked,
  ports: RunPorts,
): Promise<RunEnd | undefined> {
  // What nobody can allow again needs no connection to be told so.
  if (whyNotGrantable(made.request)) return undefined;
  const wanted = wantedOf(made.request, made.policy);
  const uses = openGrantUses(ports.home);
  const errand = openErrand(ports);
  let used: Result<Used, GrantRefusal> = fail('useNotInLog');
  try {
    await errand.within(Math.min(LOOK_MS, ports.reachMs), async (signal) => {
      const look = { world, asking, ruled, wanted, uses, errand, signal };
      used = await useGrant(look, ports);
    });
  } finally {
    errand.stop();
  }
  return act(used, world, ports);
}

async function act(
  used: Result<Used, GrantRefusal>,
  world: World,
  ports: RunPorts,
): Promise<RunEnd | undefined> {
  if (!used.ok) return undefined;
  const { granted, use } = used.value;
  // Proving it took time on the wire: it may be over, and the files may have changed.
  if (whyNotNow(granted.terms, ports.clock.now()) || isStale(granted, ports)) return undefined;
  const changed = await remeasure(world, world.action);
  if (changed) return { how: 'refused', code: changed, detail: undefined };
  const names = granted.by.map(({ signer }) => signer.name).join(' and ');
  const { uses, until } = granted.terms;
  return startUnasked(world, ports, `granted by ${names}`, {
    what: 'granted',
    who: names,
    use,
    uses,
    until,
  });
}

/** A keyring that came meanwhile may have ended this guard's key, or put another policy in force. */
function isStale({ terms }: Granted, { identity }: RunPorts): boolean {
  const { policies } = identity.trust().keyring.keyring;
  return guardEnded(identity) || policies.at(-1)?.sha256 !== terms.policy;
}

type Look = {
  readonly world: World;
  readonly asking: Asking;
  readonly ruled: Ruled;
  readonly wanted: Wanted;
  readonly uses: GrantUses;
  readonly errand: Errand;
  readonly signal: AbortSignal;
};

async function useGrant(look: Look, ports: RunPorts): Promise<Result<Used, GrantRefusal>> {
  const { wanted, uses, errand, signal, world } = look;
  const { identity, clock } = ports;
  const { link, admit } = errand;
  for (;;) {
    const at = { identity, link, admit, uses, now: clock.now };
    const found = await findGrants(wanted, at, signal);
    if (found.ok) {
      if (found.value.length === 0) return fail('notEnough');
      const changed = await remeasure(world, world.action);
      if (changed) return fail('otherAction', changed);
      return firstOf(found.value, look, ports);
    }
    // Nobody has confirmed the newest head yet: their machines may be about to.
    if (found.code !== 'notWitnessed' || signal.aborted) return found;
    await pause(ports);
  }
}

/** The first of them that has a use left and whose record comes into the log. */
async function firstOf(
  granted: readonly Granted[],
  look: Look,
  ports: RunPorts,
): Promise<Result<Used, GrantRefusal>> {
  let last: GrantRefusal = 'notEnough';
  for (const one of granted.filter((each) => !isStale(each, ports))) {
    const { sha256: terms, terms: says } = one;
    const now = ports.clock.now();
    const use = look.uses.take({ sha256: terms, says }, look.wanted.action, now);
    const why = use.ok
      ? await whyNotLogged({ granted: one, use: use.value }, look, ports)
      : use.code;
    if (why === undefined && use.ok) return ok({ granted: one, use: use.value });
    last = why ?? last;
  }
  return fail(last);
}

/** Undefined once it is proven that the log has this very use. */
async function whyNotLogged(
  { granted, use }: Used,
  { asking, ruled, errand, signal }: Look,
  ports: RunPorts,
): Promise<GrantRefusal | undefined> {
  const grants = [...new Set(granted.by.map((one) => one.sha256))].sort();
  const entry: AutoEntry = {
    ...entryOf(asking, ruled, ports.random),
    outcome: 'allow',
    grant: { request: granted.request, terms: granted.sha256, grants, use },
  };
  const envelope = sealAutos([entry], ports.identity);
  const id = toHex(sha256(envelope).subarray(0, 16));
  const sent = await errand.link.send('auto', { envelope: fromUtf8(envelope) }, { id, signal });
  if (!sent.ok || sent.value.index === undefined) return 'useNotInLog';
  while (!(await errand.inLog(envelope, sent.value.index, signal))) {
    if (signal.aborted) return 'useNotInLog';
    await pause(ports);
  }
  return undefined;
}

const pause = ({ timers }: RunPorts): Promise<void> =>
  new Promise((resolve) => timers.after(AGAIN_MS, resolve));
