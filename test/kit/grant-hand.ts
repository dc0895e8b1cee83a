// A person at a wire who approves, grants and ends by hand, with the chain of what they signed; and what a reviewer reads of uses.

import { fromB64, fromUtf8 } from '../../shared/bytes.ts';
import type { Auto } from '../../shared/statement/auto.ts';
import { NO_DECISION } from '../../shared/statement/decision.ts';
import type { GrantTerms } from '../../shared/statement/grant.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { parseEnvelope } from '../../main/trust/envelope.ts';
import { grantEndOf, type Granting, grantOf, sealGrant, sealGrantEnd } from './granting.ts';
import { decisionOf, type GuardWorld, type Person, sealDecision } from './guard-world.ts';
import { type Shown, shownOf } from './hostile-broker.ts';
import { WireClient } from './wire-client.ts';

/** A person at a wire: approves what is asked, grants it again, ends it; a chain of what they signed. */
export type Hand = {
  readonly close: () => void;
  readonly client: WireClient;
  readonly who: Person;
  /** The `nth` request of the log, from 1. */
  readonly asked: (nth: number) => Promise<Shown>;
  readonly approve: (asked: Shown) => Promise<number | string>;
  readonly grant: (asked: Shown, terms: GrantTerms) => Promise<number | string>;
  readonly end: (asked: Shown, terms: GrantTerms) => Promise<number | string>;
};

export async function openHand(who: Person, world: GuardWorld, url: string): Promise<Hand> {
  const client = new WireClient(url);
  await client.login('reviewer', who.session);
  client.tell('follow', { cursor: 0 });
  let chain = { seq: 1, prev: NO_DECISION };
  const note = (): string => {
    const heads = client.heard.flatMap((one) => (one.t === 'checkpoint' ? [one.body.note] : []));
    return heads.at(-1) ?? '';
  };
  const signed = async (
    t: 'decision' | 'grant' | 'grantEnd',
    bytes: Uint8Array,
  ): Promise<number | string> => {
    const said = await client.ask(t, { envelope: fromUtf8(bytes) });
    const parsed = parseEnvelope(bytes, 64 * 1024);
    if (typeof said === 'number' && parsed.ok)
      chain = { seq: chain.seq + 1, prev: sha256Hex(parsed.value.payload) };
    return said;
  };
  const by = (): Granting => ({
    who,
    keyring: world.keyring,
    note: note(),
    now: Date.now(),
    chain,
  });
  return {
    close: () => client.close(),
    client,
    who,
    asked: async (nth) => {
      const found = (): Uint8Array | undefined => requestsIn(client)[nth - 1];
      await client.wait('leaves', () => found() !== undefined);
      const payload = found();
      if (payload === undefined) throw new Error('it was there a moment ago');
      return shownOf(payload);
    },
    approve: async (asked) => {
      await client.wait('checkpoint');
      const log = { note } as unknown as GuardWorld['log'];
      const decision = decisionOf(asked, { who, world: { ...world, log }, now: Date.now() });
      const reviewer = { ...decision.reviewer, ...chain };
      return signed('decision', sealDecision({ ...decision, reviewer }, who.decision));
    },
    grant: (asked, terms) =>
      signed('grant', sealGrant(grantOf(asked.digest, terms, by()), who.decision)),
    end: (asked, terms) =>
      signed('grantEnd', sealGrantEnd(grantEndOf(asked.digest, terms, by()), who.decision)),
  };
}

const payloads = (client: WireClient): readonly { type: string; bytes: Uint8Array }[] =>
  [...client.leaves()]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, { leaf, payload }]) => {
      const bytes = payload === undefined ? undefined : fromB64(payload);
      return bytes ? [{ type: String(/countersign\.(\w+)\./.exec(leaf)?.[1]), bytes }] : [];
    });
const requestsIn = (client: WireClient): readonly Uint8Array[] =>
  payloads(client).flatMap(({ type, bytes }) => (type === 'request' ? [bytes] : []));
export const usesIn = (client: WireClient): readonly Auto['entries'][number][] =>
  payloads(client).flatMap(({ type, bytes }) => {
    const auto = type === 'auto' ? decodeStatement('auto', bytes) : undefined;
    return auto?.ok ? auto.value.entries : [];
  });
