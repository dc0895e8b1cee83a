// A main that is all there but for keys, log and network: it keeps the state, judges gestures by main's own rules, renders
// each view again and compares digests. Its answers are the contract's; every input and output passes the contract's schemas.

import { createHash, randomBytes } from 'node:crypto';
import { presenceOf, UNWATCHED, watch, type Watched } from '../../main/app/gesture.ts';
import { toB64, utf8 } from '../../shared/bytes.ts';
import { applyChanges } from '../../shared/ipc/apply.ts';
import {
  type Answers,
  type Caller,
  CONTRACT,
  type DecideCode,
  type LogRow,
} from '../../shared/ipc/contract.ts';
import type { Change, RequestSummary, Snapshot } from '../../shared/ipc/snapshot.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Request } from '../../shared/statement/request.ts';
import { encodeStatement, type StatementType } from '../../shared/statement/statement.ts';
import { headline } from '../../shared/statement/view/headline.ts';
import { renderView, viewText } from '../../shared/statement/view/render.ts';
import { attentionAnswers } from './attention-answers.ts';

export const PASSPHRASE = 'correct horse battery';
export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

type Held = {
  readonly request: Request;
  readonly payload: Uint8Array;
  readonly attachments: ReadonlyMap<string, Uint8Array>;
};
type DecideInput = Parameters<Answers['request']['decide']>[0];
type Tell = (name: 'app.changed' | 'app.raised', payload: unknown) => void;

const SOLO = { id: 'ada', name: 'Ada Marlow', device: 'ada-laptop', solo: true } as const;
const FINGERPRINT = 'ab'.repeat(32);

export class FakeMain {
  snapshot: Snapshot;
  readonly gestures: { readonly digest: string; readonly what: string }[] = [];
  readonly decided: DecideInput[] = [];
  /** Decisions stay "sending" until `settle`. */
  slow = false;
  readonly #held = new Map<string, Held>();
  readonly #watched = new Map<string, Watched>();
  readonly #log: LogRow[] = [];
  readonly #listeners = new Set<Tell>();

  constructor(start: 'absent' | 'locked' | 'unlocked' = 'unlocked') {
    this.snapshot = {
      revision: 1,
      host: 'browser',
      version: '0.1.0',
      ...(start === 'absent' ? {} : { person: SOLO }),
      key: start === 'unlocked' ? openKey() : { state: start },
      link: { state: 'online', since: now() },
      log: { size: 0 },
      requests: [],
    };
  }

  listen(tell: Tell): () => void {
    this.#listeners.add(tell);
    return () => void this.#listeners.delete(tell);
  }

  change(...changes: Change[]): void {
    const revision = this.snapshot.revision + 1;
    const applied = applyChanges(this.snapshot, revision, changes);
    if (!('snapshot' in applied)) throw new Error('the fake lost count');
    this.snapshot = applied.snapshot;
    for (const tell of this.#listeners) tell('app.changed', { revision, changes });
  }

  /** A request arrives on the desk. Returns its digest. */
  ask(request: Request, attachments: readonly Uint8Array[] = []): string {
    const payload = encodeStatement('request', request);
    const digest = sha256(payload);
    const byDigest = new Map(attachments.map((bytes) => [sha256(bytes), bytes]));
    this.#held.set(digest, { request, payload, attachments: byDigest });
    this.#append('request', digest, 'asks', request.guard.id);
    this.change({ what: 'request', value: summaryOf(request, digest, this.#log.length - 1) });
    return digest;
  }

  update(digest: string, part: Partial<RequestSummary>): void {
    this.change({ what: 'request', value: { ...this.request(digest), ...part } });
  }

  request(digest: string): RequestSummary {
    const found = this.snapshot.requests.find((request) => request.digest === digest);
    if (found === undefined) throw new Error(`no request ${digest}`);
    return found;
  }

  /** The digest of the view as main itself computes it. */
  viewDigest(digest: string): string {
    const held = this.#held.get(digest);
    if (held === undefined) throw new Error(`no request ${digest}`);
    const view = renderView(held.payload, held.attachments);
    if (!view.ok) throw new Error(`cannot render: ${view.code}`);
    return sha256(utf8(viewText(view.value)));
  }

  /** The log has the decision, the guard has acted. */
  settle(digest: string): void {
    const { verdict, reason } = this.decided.findLast((one) => one.digest === digest) ?? {};
    const presence = this.request(digest).tier === 'high' ? 'hold' : 'click';
    this.#append('decision', digest, verdict === 'deny' ? 'denies' : 'approves', SOLO.name);
    const { sending: _sending, ...rest } = this.request(digest);
    const decision = {
      sha256: sha256(randomBytes(8)),
      verdict: verdict ?? 'deny',
      reviewer: SOLO.name,
      presence,
      at: now(),
      ...(reason === undefined ? {} : { reason }),
    } as const;
    const how = verdict === 'approve' ? 'approved' : 'denied';
    this.#append('ending', digest, how, 'build-guard');
    if (verdict === 'approve') this.#append('receipt', digest, 'finished, exit 0', 'build-guard');
    const ran = verdict === 'approve' ? ({ run: 'finished', exit: '0' } as const) : {};
    const value: RequestSummary = {
      ...rest,
      stage: 'ended',
      how,
      decisions: [decision],
      ...ran,
      ...OFF,
    };
    this.change({ what: 'request', value });
  }

  readonly answers: Answers = {
    app: { snapshot: async () => this.snapshot },
    ...attentionAnswers(),
    setup: {
      suggestion: async () => ({
        id: 'ada',
        name: 'Ada Marlow',
        home: '/home/ada/.local/state/countersign',
      }),
      solo: async ({ id, name, passphrase }) => {
        if (passphrase.length < 12) return fail('passphraseTooShort');
        this.change(
          { what: 'person', value: { ...SOLO, id, name } },
          { what: 'key', value: openKey() },
        );
        return ok({});
      },
    },
    key: {
      unlock: async ({ passphrase }) => {
        if (passphrase !== PASSPHRASE) return fail('wrongPassphrase');
        const key = openKey();
        this.change({ what: 'key', value: key });
        return ok({ until: key.until });
      },
      lock: async () => {
        this.change({ what: 'key', value: { state: 'locked' } });
        return {};
      },
    },
    request: {
      open: async ({ digest }) => {
        const held = this.#held.get(digest);
        if (held === undefined) return fail('unknownRequest');
        const attachments = [...held.attachments].map(([name, bytes]) => ({
          sha256: name,
          size: bytes.length,
        }));
        const payload = toB64(held.payload);
        return ok({ summary: this.request(digest), payload, attachments, verified: true });
      },
      attachment: async ({ digest, sha256: wanted }) => {
        const bytes = this.#held.get(digest)?.attachments.get(wanted);
        return bytes === undefined ? fail('unavailable') : ok({ bytes: toB64(bytes) });
      },
      gesture: async ({ digest, what }) => {
        this.gestures.push({ digest, what });
        const before = this.#watched.get(digest) ?? UNWATCHED;
        this.#watched.set(digest, watch(before, what, performance.now()));
        return {};
      },
      decide: async (input) => this.#decide(input),
    },
    history: {
      page: async ({ before = Infinity, limit }) => {
        const older = this.#log.filter((row) => row.index < before).toReversed();
        const rows = older.slice(0, limit);
        const last = rows.at(-1);
        return older.length > limit && last !== undefined ? { rows, next: last.index } : { rows };
      },
      story: async ({ digest }) => {
        const summary = this.snapshot.requests.find((request) => request.digest === digest);
        if (summary === undefined) return fail('unknownRequest');
        const steps = this.#log.filter((row) => row.request === digest).map(stepOf);
        return ok({ summary, steps });
      },
      // The screens of search, charts and export bring their own history.
      search: async () => ({ rows: [], took: 0 }),
      values: async () => ({ values: [] }),
      charts: async () => fail('unknownZone'),
      saved: async () => ({ views: [] }),
      savedPut: async () => ok({}),
      savedRemove: async () => ({}),
      export: async () => fail('failed'),
      exportCancel: async () => ({}),
      verifyCancel: async () => ({}),
      verify: async () => ({
        leaves: this.#log.length,
        signatures: this.#log.length,
        withoutBody: 0,
        root: toB64(randomBytes(32)),
        checkpoint: `ada/log\n${this.#log.length}\n`,
        logKey: 'ada/log+7c1f0a2e',
        problems: [],
        at: now(),
      }),
    },
  };

  #decide(input: DecideInput): Result<{ decision: string }, DecideCode> {
    this.decided.push(input);
    const summary = this.snapshot.requests.find((request) => request.digest === input.digest);
    if (summary === undefined) return fail('unknownRequest');
    const off = input.verdict === 'approve' ? summary.approveOff : summary.denyOff;
    if (off !== undefined) return fail(off);
    if (input.viewSha256 !== this.viewDigest(input.digest)) return fail('viewDiffers');
    if (input.verdict === 'approve') {
      const refused = this.#whyNot(summary, input);
      if (refused !== undefined) return fail(refused);
    }
    this.update(input.digest, {
      sending: input.verdict,
      approveOff: 'sending',
      denyOff: 'sending',
    });
    if (!this.slow) setTimeout(() => this.settle(input.digest), 20);
    return ok({ decision: sha256(randomBytes(8)) });
  }

  #whyNot(summary: RequestSummary, input: DecideInput): DecideCode | undefined {
    const strict = summary.tier === 'high' || summary.tier === 'critical';
    if (strict && (input.reason ?? '') === '') return 'reasonMissing';
    if (input.passphrase !== undefined && input.passphrase !== PASSPHRASE) return 'wrongPassphrase';
    const judged = presenceOf(summary.tier, this.#watched.get(summary.digest) ?? UNWATCHED, {
      surface: 'window',
      at: performance.now(),
      named: input.typed === summary.target,
      proven: input.passphrase === PASSPHRASE,
    });
    return 'refusal' in judged ? judged.refusal : undefined;
  }

  #append(type: StatementType, request: string, says: string, who: string): void {
    const held = this.#held.get(request);
    const title = held === undefined ? '' : headline(held.request).title;
    const index = this.#log.length;
    this.#log.push({ index, type, at: now(), request, title, says, who });
    this.change({ what: 'log', value: { ...this.snapshot.log, size: this.#log.length } });
  }
}

const OFF = { approveOff: 'ended', denyOff: 'ended' } as const;
const now = (): string => new Date().toISOString();
const openKey = () =>
  ({ state: 'unlocked', until: new Date(Date.now() + 12 * 3600_000).toISOString() }) as const;

const stepOf = ({ index, type, at, who, says }: LogRow) => ({
  index,
  type,
  ...(at === undefined ? {} : { at }),
  signer: who,
  keyId: FINGERPRINT,
  signature: 'verified' as const,
  says,
});

function summaryOf(request: Request, digest: string, index: number): RequestSummary {
  const { title, target } = headline(request);
  return {
    digest,
    requestId: request.requestId,
    index,
    title,
    target,
    reason: typeof request.reason === 'string' ? request.reason : '',
    agent: request.agent.id,
    onBehalfOf: request.agent.onBehalfOf,
    guard: request.guard.id,
    host: request.guard.host,
    tier: request.policy.tier,
    createdAt: request.createdAt,
    expiresAt: new Date(Date.parse(request.createdAt) + request.ttlMs).toISOString(),
    stage: 'open',
    guardState: 'here',
    decisions: [],
  };
}

/** One call as main takes it from a socket: known by the contract, parsed both ways. */
export async function answerCall(
  answers: Answers,
  name: string,
  input: unknown,
  caller: Caller,
): Promise<Result<unknown, 'unknownCall' | 'badInput' | 'internal'>> {
  const [group = '', member = ''] = name.split('.');
  const groups: Readonly<Record<string, Readonly<Record<string, unknown>>>> = answers;
  const answer = groups[group]?.[member];
  const declared = Object.entries(CONTRACT).find(([known]) => known === group)?.[1];
  const contract = Object.entries(declared ?? {}).find(([known]) => known === member)?.[1];
  if (typeof answer !== 'function' || contract?.kind !== 'call') return fail('unknownCall');
  const parsed = contract.input.safeParse(input);
  if (!parsed.success) return fail('badInput');
  try {
    return ok(contract.output.parse(await answer(parsed.data, caller)));
  } catch {
    return fail('internal');
  }
}
