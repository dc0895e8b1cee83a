// A team's log with one of everything: approved, denied, by two people, with an attachment, expired, erased, two keyrings. Its
// entries are signed for real; `say` appends one more, honest or not.

import { makeBundle, type Material } from '../../../main/evidence/make.ts';
import { openLevels } from '../../../main/evidence/levels.ts';
import type { Entry } from '../../../main/evidence/entry.ts';
import type { Selection } from '../../../main/evidence/book.ts';
import type { Files } from '../../../main/evidence/zip.ts';
import { holdEverything } from '../../../main/policy/policy.ts';
import { makeCheckpoint } from '../../../main/trust/checkpoint.ts';
import { cosign } from '../../../main/trust/cosignature.ts';
import { sha256, sha256Hex, systemRandom } from '../../../main/trust/digest.ts';
import type { KeyPair } from '../../../main/trust/ed25519.ts';
import { parseEnvelope, seal } from '../../../main/trust/envelope.ts';
import { leafOf } from '../../../main/trust/leaf.ts';
import { leafHash } from '../../../main/trust/merkle.ts';
import { formatLine } from '../../../main/trust/note.ts';
import { rootAt } from '../../../main/trust/tree.ts';
import { toB64, toHex, utf8 } from '../../../shared/bytes.ts';
import { invariant } from '../../../shared/result.ts';
import { type Decision, NO_DECISION } from '../../../shared/statement/decision.ts';
import type { Ending, Receipt } from '../../../shared/statement/followups.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import type { Request } from '../../../shared/statement/request.ts';
import {
  encodeStatement,
  payloadTypeOf,
  type Statement,
  type StatementType,
} from '../../../shared/statement/statement.ts';
import { renderView, viewText } from '../../../shared/statement/view/render.ts';
import {
  HOST,
  keyringOf,
  type Keys,
  LOG_ORIGIN,
  makeKeys,
  type Person,
} from '../../kit/guard-world.ts';
import { EXEC, requestOf, unchanged } from '../statement/view-samples.ts';

export const START = Date.parse('2026-11-22T09:00:00.000Z');
const STEP_MS = 1000;

export class EvidenceLog {
  readonly keys: Keys;
  keyring: Keyring;
  readonly entries: Entry[] = [];
  readonly attachments = new Map<string, Uint8Array>();
  /** Of each entry; undefined for keyrings. */
  readonly times: string[] = [];
  readonly #levels = openLevels();
  readonly #payloads = new Map<string, Uint8Array>();
  readonly #seqs = new Map<string, { seq: number; prev: string }>();
  #witnesses: readonly Person[] = [];

  constructor(keys: Keys = makeKeys(), change: (keyring: Keyring) => Keyring = (same) => same) {
    this.keys = keys;
    this.keyring = change(keyringOf(keys, START));
    this.say('keyring', this.keyring, keys.root);
  }

  get size(): number {
    return this.entries.length;
  }

  get now(): string {
    return new Date(START + this.size * STEP_MS).toISOString();
  }

  /** The payload's digest. */
  say<T extends StatementType>(type: T, statement: Statement<T>, by: KeyPair): string {
    const payload = encodeStatement(type, statement);
    const envelope = parseEnvelope(seal(payloadTypeOf(type), payload, by), 256 * 1024);
    invariant(envelope.ok, 'what is sealed can be read');
    this.times.push(this.now);
    return this.put(leafOf(envelope.value), payload);
  }

  put(leaf: Uint8Array, payload: Uint8Array): string {
    this.entries.push({ index: this.size, leaf, payload });
    this.#levels.append(leafHash(leaf));
    const digest = sha256Hex(payload);
    this.#payloads.set(digest, payload);
    return digest;
  }

  note(size = this.size): string {
    const root = rootAt(this.#levels.nodes, size);
    const plain = makeCheckpoint(LOG_ORIGIN, size, root, this.keys.log);
    const head = plain.slice(0, plain.indexOf('\n\n') + 1);
    const lines = this.#witnesses.map(({ id, device, witness }) =>
      formatLine(cosign(head, `org/${id}/${device}`, witness, Math.floor(START / 1000) + size)),
    );
    return plain + lines.join('');
  }

  cosignedBy(...people: Person[]): this {
    this.#witnesses = people;
    return this;
  }

  ask(changes: Partial<Request> = {}): string {
    const policy = holdEverything();
    const request: Request = {
      ...unchanged(requestOf(EXEC)),
      requestId: toHex(systemRandom(16)),
      nonce: toHex(systemRandom(32)),
      org: this.keyring.org,
      log: LOG_ORIGIN,
      guard: { id: 'guard-1', keyId: this.keys.guard.keyId, host: HOST, mode: 'run' },
      policy: {
        sha256: policy.sha256,
        rules: ['hold-everything'],
        tier: 'medium',
        needs: [{ group: 'anyone', count: 1 }],
      },
      createdAt: this.now,
      evaluatedAt: this.now,
      ...changes,
    };
    return this.say('request', request, this.keys.guard);
  }

  attach(text: string): Request['attachments'][number] {
    const bytes = utf8(text);
    const digest = toHex(sha256(bytes));
    this.attachments.set(digest, bytes);
    return { sha256: digest, size: bytes.length, mediaType: 'text/plain', name: 'columns.txt' };
  }

  requestOf(digest: string): Request {
    // The world's own statement, which its schema has accepted.
    return JSON.parse(new TextDecoder().decode(this.payloadOf(digest))) as Request;
  }

  payloadOf(digest: string): Uint8Array {
    const payload = this.#payloads.get(digest);
    invariant(payload, 'the world has said it');
    return payload;
  }

  decide(request: string, by: Person, changes: Partial<Decision> = {}, key = by.decision): string {
    const asked = this.requestOf(request);
    const listed = asked.attachments.map(
      ({ sha256: digest }) => [digest, this.attachments.get(digest) ?? utf8('')] as const,
    );
    const view = renderView(this.payloadOf(request), new Map(listed));
    const shown = view.ok ? utf8(viewText(view.value)) : utf8('');
    const chain = this.#seqs.get(key.keyId) ?? { seq: 1, prev: NO_DECISION };
    const decision: Decision = {
      decisionId: toHex(systemRandom(16)),
      verdict: 'approve',
      request,
      view: { renderer: 'countersign-view/1', sha256: sha256Hex(shown), flags: [] },
      policy: { sha256: asked.policy.sha256, rules: asked.policy.rules },
      reviewer: { id: by.id, keyId: key.keyId, device: by.device, ...chain },
      keyring: {
        version: this.keyring.version,
        sha256: sha256Hex(encodeStatement('keyring', this.keyring)),
      },
      checkpoint: toB64(utf8(this.note())),
      use: { max: 1 },
      presence: 'click',
      issuedAt: this.now,
      expiresAt: new Date(Date.parse(this.now) + 60_000).toISOString(),
      ...changes,
    };
    const digest = this.say('decision', decision, key);
    this.#seqs.set(key.keyId, { seq: chain.seq + 1, prev: digest });
    return digest;
  }

  end(
    request: string,
    decisions: readonly string[],
    changes: Partial<Ending> = {},
    by = this.keys.guard,
  ) {
    const ending: Ending = {
      request,
      how: 'approved',
      decisions: [...decisions],
      who: { role: 'guard', id: 'guard-1', keyId: by.keyId },
      guidance: '',
      at: this.now,
      ...changes,
    };
    return this.say('ending', ending, by);
  }

  receipt(
    request: string,
    decisions: readonly string[],
    state: Receipt['state'],
    changes: Partial<Receipt> = {},
  ) {
    const receipt: Receipt = {
      request,
      decisions: [...decisions],
      state,
      guard: { id: 'guard-1', keyId: this.keys.guard.keyId },
      checkpoint: toB64(utf8(this.note())),
      at: this.now,
      ...changes,
    };
    return this.say('receipt', receipt, this.keys.guard);
  }

  /** As a guard runs what was approved. */
  run(request: string, decisions: readonly string[]): void {
    this.receipt(request, decisions, 'consumed');
    this.end(request, decisions);
    this.receipt(request, decisions, 'started');
    this.receipt(request, decisions, 'finished', { exit: { code: 0 } });
  }

  nextKeyring(change: Partial<Keyring>, root = this.keys.root): void {
    const prevSha256 = sha256Hex(encodeStatement('keyring', this.keyring));
    this.keyring = { ...this.keyring, version: this.keyring.version + 1, prevSha256, ...change };
    this.say('keyring', this.keyring, root);
  }

  erase(
    request: string,
    what: readonly string[],
    by: Person,
    reason = 'it named a customer',
  ): string {
    const chain = this.#seqs.get(by.decision.keyId) ?? { seq: 1, prev: NO_DECISION };
    const reviewer = { id: by.id, keyId: by.decision.keyId, device: by.device, ...chain };
    const digest = this.say(
      'erasure',
      { request, what: what.toSorted(), reason, reviewer, at: this.now },
      by.decision,
    );
    this.#seqs.set(by.decision.keyId, { seq: chain.seq + 1, prev: digest });
    for (const [i, entry] of this.entries.entries())
      if (what.includes(sha256Hex(entry.payload ?? utf8(''))))
        this.entries[i] = { ...entry, payload: undefined };
    return digest;
  }

  /** A bundle of the whole log, or as `changes` say. */
  material(changes: Partial<Material> = {}): Material {
    const policy = holdEverything();
    return {
      selection: { from: 0, to: this.size - 1 },
      entries: this.entries,
      note: this.note(),
      nodes: this.#levels.nodes,
      attachments: this.attachments,
      policies: new Map([[policy.sha256, policy.bytes]]),
      ...changes,
    };
  }

  bundle(selection?: Selection, changes: Partial<Material> = {}): Files {
    const made = makeBundle(this.material({ ...(selection ? { selection } : {}), ...changes }));
    if (!made.ok) throw new Error(made.detail);
    return made.value;
  }
}

/** Twenty-odd entries with one of everything. */
export function wholeLog(): EvidenceLog & { readonly digests: Readonly<Record<string, string>> } {
  const log = new EvidenceLog(makeKeys(), (keyring) => ({
    ...keyring,
    reviewers: keyring.reviewers.map((who) => ({ ...who, groups: ['admin', 'ops'] })),
    groups: [{ id: 'ops', name: 'Ops' }],
  }));
  const { alice, bob } = log.keys;
  const plain = log.ask();
  log.say(
    'notice',
    {
      request: plain,
      what: 'opened',
      by: { id: alice.id, keyId: alice.session.keyId, device: alice.device },
      at: log.now,
    },
    alice.session,
  );
  log.run(plain, [log.decide(plain, alice)]);
  const denied = log.ask({ reason: 'a customer by name' });
  const denial = log.decide(denied, bob, { verdict: 'deny', reason: 'not today' });
  log.end(denied, [denial], { how: 'denied' });
  log.nextKeyring({ owners: [{ agent: 'billing', owner: 'bob' }] });
  const big = log.ask({
    policy: {
      ...log.requestOf(plain).policy,
      tier: 'critical',
      needs: [{ group: 'ops', count: 2 }],
    },
    attachments: [log.attach('id,name\n'.repeat(700))],
  });
  const strong = { presence: 'passphrase', reason: 'as agreed' } as const;
  log.run(big, [log.decide(big, alice, strong), log.decide(big, bob, strong)]);
  const late = log.ask();
  const { log: logKey } = log.keys;
  const who = { role: 'broker', id: 'broker', keyId: logKey.keyId } as const;
  log.end(late, [], { how: 'expiredUnseen', who }, logKey);
  log.erase(denied, [denied], alice);
  log.cosignedBy(alice, bob);
  return Object.assign(log, { digests: { plain, denied, denial, big, late } });
}
