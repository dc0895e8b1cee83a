// The guard's side of a trip: a signed request goes out, and it is released once the product's own checks have taken the
// decision: signature, person, policy, view, keyring, the checkpoint, both inclusion proofs, and that the head which the
// reviewer saw and every head before belong to one history. Requests are signed before a block begins, as an action is measured
// before anybody is asked; endings follow after it.

import { fromB64, utf8 } from '../../shared/bytes.ts';
import type { AnyServerMessage, ServerMessageOf } from '../../shared/protocol/messages.ts';
import { missingApprovals } from '../../shared/domain/approval.ts';
import { invariant } from '../../shared/result.ts';
import {
  type Approved,
  type Pending,
  type Trust,
  verifyDecision,
} from '../../main/guard/verify/decision.ts';
import { sameHistory } from '../../main/guard/verify/history.ts';
import { type LogAnchor, verifyInLog } from '../../main/guard/verify/log.ts';
import { holdEverything, type Policy } from '../../main/policy/policy.ts';
import type { Checkpoint } from '../../main/trust/checkpoint.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { parseEnvelope } from '../../main/trust/envelope.ts';
import { leafOf } from '../../main/trust/leaf.ts';
import { ENVELOPE_LIMITS } from '../../main/trust/limits.ts';
import { leafHash } from '../../main/trust/merkle.ts';
import { endingBy, type GuardKeys, type Signed } from '../kit/wire-world.ts';
import type { OursConfig } from './ours-house.ts';
import { openAsking, RealTime, readRequest } from './ours-request.ts';
import { bytesOf, heldOf, keyOf, openWire, type Wire } from './ours-wire.ts';
import type { Trip } from './rt-work.ts';

export const VIEW = { renderer: 'text/1', sha256: '1'.repeat(64) };

const ENDED_AT_ONCE = 200;

type Asked = Signed & { readonly pending: Pending };
type Entry = ServerMessageOf<'entry'>['body'];

export type OursGuard = {
  /** Signs so many requests. */
  readonly prepare: (count: number) => void;
  readonly trip: Trip;
  /** Ends what was decided. */
  readonly tidy: () => Promise<void>;
  readonly close: () => void;
};

export async function openGuard(
  config: OursConfig,
  policy: Policy = holdEverything(),
): Promise<OursGuard> {
  const keys: GuardKeys = {
    id: 'guard-1',
    guard: keyOf(config.keys.guard),
    session: keyOf(config.keys.guardSession),
  };
  const time = new RealTime();
  const held = heldOf(config);
  const ask = openAsking(keys, time, policy);
  const ready: Asked[] = [];
  const decided: { readonly request: string; readonly decisions: string[] }[] = [];
  const waiting = new Map<string, (entry: Entry) => void>();
  const wire = await openWire(config, 'guard', keys.session, (message: AnyServerMessage) => {
    if (message.t === 'entry') waiting.get(message.body.request)?.(message.body);
  });
  const check = checkerOver(wire, config, {
    keyring: held,
    keyrings: new Map([[1, keyringDigest(config)]]),
  });
  return {
    prepare: (count) => {
      while (ready.length < count) ready.push(pendingOf(ask(), policy));
    },
    trip: async () => {
      const asked = ready.pop();
      invariant(asked, 'enough requests were signed');
      const { needs } = asked.pending.request.policy;
      const approved: Approved[] = [];
      const enough = new Promise<void>((resolve, reject) => {
        const enter = async (entry: Entry): Promise<void> => {
          approved.push(await check(asked.pending, entry));
          const people = approved.map(({ signer }) => signer);
          if (missingApprovals(needs, people, { solo: false }).length === 0) resolve();
        };
        waiting.set(asked.sha256, (entry) => void enter(entry).catch(reject));
      });
      void wire.ask('request', { envelope: asked.envelope });
      await enough;
      waiting.delete(asked.sha256);
      decided.push({ request: asked.sha256, decisions: approved.map(({ sha256 }) => sha256) });
    },
    tidy: async () => {
      // Its own endings come back too: no more at once than a guard that reads takes in.
      while (decided.length > 0) {
        const some = decided.splice(0, ENDED_AT_ONCE).map(({ request, decisions }) => {
          const change = { how: 'approved' as const, decisions };
          return wire.ask('ending', { envelope: endingBy(keys, time, request, change).envelope });
        });
        await Promise.all(some);
      }
    },
    close: wire.close,
  };
}

/** Throws where any check of the product says no: that ends the run. Otherwise the approval. */
function checkerOver(wire: Wire, { vkey }: OursConfig, trust: Trust) {
  const proofs = new Map<string, Promise<readonly Uint8Array[] | undefined>>();
  let newest: Checkpoint | undefined;
  // One question for one pair of heads, however many decisions stand under them.
  const prove: LogAnchor['prove'] = (first, second) => {
    const name = `${first} ${second}`;
    const asked = proofs.get(name) ?? askProof(wire, first, second);
    proofs.set(name, asked);
    if (proofs.size > 1000) proofs.delete(proofs.keys().next().value ?? '');
    return asked;
  };
  const admit: LogAnchor['admit'] = async (head, proveAlso) => {
    if (newest !== undefined && !(await sameHistory(newest, head, proveAlso)))
      return 'otherHistory';
    if (newest === undefined || head.size > newest.size) newest = head;
    return 'admitted';
  };
  return async (pending: Pending, entry: Entry): Promise<Approved> => {
    const moment = { now: Date.now(), monotonic: performance.now() };
    const approved = verifyDecision(utf8(entry.envelope), entry.index, pending, trust, moment);
    if (!approved.ok) throw new Error(`not approved: ${approved.code} ${approved.detail ?? ''}`);
    const placed = {
      ...entry,
      proof: entry.proof.map(bytesOf),
      requestProof: entry.requestProof.map(bytesOf),
      history: entry.history?.map(({ first, proof }) => ({ first, proof: proof.map(bytesOf) })),
    };
    const { decision, leafHash: hash } = approved.value;
    const hashes = { decision: hash, request: pending.leafHash };
    const inLog = await verifyInLog(placed, hashes, decision.checkpoint, { vkey, prove, admit });
    if (!inLog.ok) throw new Error(`not in the log: ${inLog.code} ${inLog.detail ?? ''}`);
    return approved.value;
  };
}

async function askProof(wire: Wire, first: number, second: number) {
  const answer = await wire.ask('prove', { first, second });
  return answer.t === 'proof'
    ? answer.body.proof.map((one) => fromB64(one) ?? new Uint8Array())
    : undefined;
}

function pendingOf(signed: Signed, policy: Policy): Asked {
  const envelope = parseEnvelope(utf8(signed.envelope), ENVELOPE_LIMITS.request);
  invariant(envelope.ok, 'an envelope that was sealed here');
  const request = readRequest(signed);
  const pending: Pending = {
    request,
    digest: signed.sha256,
    leafHash: leafHash(leafOf(envelope.value)),
    view: VIEW,
    policy,
    deadlineMono: performance.now() + request.ttlMs,
    open: () => true,
  };
  return { ...signed, pending };
}

export function keyringDigest({ keyring }: OursConfig): string {
  const envelope = parseEnvelope(bytesOf(keyring), ENVELOPE_LIMITS.keyring);
  invariant(envelope.ok, 'a keyring that was made for the bench');
  return sha256Hex(envelope.value.payload);
}
