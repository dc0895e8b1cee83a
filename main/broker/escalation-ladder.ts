// What the ladder stands on, from what the broker has at hand: the keyring's people with the machines that they could
// approve from under this policy, who is connected, away, has seen it or left it, and the rota's lines as they are now.

import { mayBeAsked } from '../../shared/domain/approval.ts';
import type { Climber, Ladder, LadderLine } from '../../shared/domain/escalation.ts';
import type { OpenRota } from '../../shared/domain/on-call.ts';
import type { Shelf } from '../policy/cedar/shelf.ts';
import { deciderOf } from '../policy/policy.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import type { Aways } from './away-file.ts';
import type { OpenRequest } from './desk.ts';
import type { Presence } from './presence.ts';

export type LadderPorts = {
  readonly held: () => HeldKeyring;
  readonly policies: Shelf;
  readonly presence: Pick<Presence, 'offlineFrom'>;
  readonly aways: Pick<Aways, 'until'>;
  readonly rota: () => OpenRota | undefined;
  readonly now: () => number;
};

type Able = Pick<Climber, 'id' | 'groups' | 'devices'>;

export class Ladders {
  readonly #ports: LadderPorts;
  /** Policy is asked once for a request and a keyring; whoever decides is judged again then. */
  readonly #able = new Map<
    string,
    { readonly keyring: string; readonly people: readonly Able[] }
  >();

  constructor(ports: LadderPorts) {
    this.#ports = ports;
  }

  /** Undefined where everybody is asked at once: no rota has a line for this request. */
  of(open: OpenRequest): Ladder | undefined {
    const { held, presence, aways, rota } = this.#ports;
    const { keyring } = held();
    const at = this.#ports.now();
    const lines = rota();
    const routed = open.request.policy.needs.some(({ group }) => lines?.has(group));
    // Once begun it is climbed to its end, whatever becomes of the file.
    if (keyring.solo || open.life.stage !== 'open' || (!routed && open.steps === 0))
      return undefined;
    const people = this.#ableFor(open).map((able): Climber => {
      const mark = open.marks.get(able.id);
      return {
        ...able,
        offlineFrom: presence.offlineFrom(able.id),
        awayUntil: aways.until(able.id),
        left: open.left.get(able.id),
        askedAt: open.asked.get(able.id)?.at,
        saw: mark === 'shown' || mark === 'opened',
        verdict: open.deciders.get(able.id)?.verdict,
      };
    });
    const now = new Map(
      open.request.policy.needs.flatMap(({ group }): [string, LadderLine][] => {
        const line = lines?.get(group);
        if (line === undefined) return [];
        const { unseenAfterMs } = line;
        return [[group, { onCall: line.onCall(at), following: line.following(at), unseenAfterMs }]];
      }),
    );
    const lineOf = (group: string): LadderLine | undefined => now.get(group);
    return { request: open.request, rules: keyring, people, lineOf, now: at };
  }

  forget(request: string): void {
    this.#able.delete(request);
  }

  #ableFor({ digest, request }: OpenRequest): readonly Able[] {
    const { held, policies, now } = this.#ports;
    const { sha256, keyring } = held();
    const before = this.#able.get(digest);
    if (before?.keyring === sha256) return before.people;
    const policy = policies.named(request.policy.sha256, keyring.policies);
    const at = new Date(now()).toISOString();
    const devices = new Map<string, string[]>();
    for (const hit of held().keys.values()) {
      if (hit.kind !== 'reviewer' || hit.use !== 'decision' || hit.untilIndex !== undefined)
        continue;
      if (!mayBeAsked(request.policy.needs, hit) || !policy.ok) continue;
      if (!policy.value.mayDecide(request, deciderOf(request, hit, keyring), at).may) continue;
      devices.set(hit.id, [...(devices.get(hit.id) ?? []), hit.device]);
    }
    const people = keyring.reviewers
      .filter(({ id }) => devices.has(id))
      .map(({ id, groups }) => ({ id, groups, devices: devices.get(id) ?? [] }));
    this.#able.set(digest, { keyring: sha256, people });
    return people;
  }
}
