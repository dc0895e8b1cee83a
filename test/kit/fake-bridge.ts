// A main that is all there but for keys, log and network: it keeps the state, judges gestures by main's own rules, renders
// each view again and compares digests. Its answers are the contract's; every input and output passes the contract's schemas.

import { createHash, randomBytes } from 'node:crypto';
import { presenceOf, UNWATCHED, watch, type Watched } from '../../main/app/gesture.ts';
import { toB64, utf8 } from '../../shared/bytes.ts';
import { applyChanges } from '../../shared/ipc/apply.ts';
import { type Answers, type Caller, CONTRACT, type DecideCode } from '../../shared/ipc/contract.ts';
import type { Exported, RequestRow, SavedView } from '../../shared/ipc/history.ts';
import type { LogRow } from '../../shared/ipc/story.ts';
import type { Change, RequestSummary, Snapshot } from '../../shared/ipc/snapshot.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Request } from '../../shared/statement/request.ts';
import { encodeStatement, type StatementType } from '../../shared/statement/statement.ts';
import { headline } from '../../shared/statement/view/headline.ts';
import { renderView, viewText } from '../../shared/statement/view/render.ts';
import { attentionAnswers } from './attention-answers.ts';
import {
  chartsOfPast,
  ENTRIES_EACH,
  searchPast,
  signersOfPast,
  stepsOfPast,
  valuesOfPast,
} from './fake-history.ts';
import { explanationOf } from './fake-explanation.ts';
import { grantAnswers } from './fake-grants.ts';
import { DEVICE, setupAnswers } from './fake-setup.ts';
import { parentIn, pastSummary, rowOf, stepOf, summaryOf } from './fake-summaries.ts';

const EXPORTS = '/home/ada/.local/state/countersign/exports';
export const PASSPHRASE = 'correct horse battery';
export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

type Held = {
  readonly request: Request;
  readonly payload: Uint8Array;
  readonly attachments: ReadonlyMap<string, Uint8Array>;
};
type DecideInput = Parameters<Answers['request']['decide']>[0];
type Tell = (
  name: 'app.changed' | 'app.raised' | 'history.exported' | 'history.verifying',
  payload: unknown,
) => void;

const SOLO = { id: 'ada', name: 'Ada Marlow', device: DEVICE, solo: true } as const;

export class FakeMain {
  snapshot: Snapshot;
  readonly gestures: { readonly digest: string; readonly what: string }[] = [];
  readonly decided: DecideInput[] = [];
  /** Decisions stay "sending" until `settle`. */
  slow = false;
  /** The policy of every request is missing. */
  unexplained = false;
  /** Searches that history made, in order. */
  readonly searched: Parameters<Answers['history']['search']>[0][] = [];
  /** Requests that were in the log before this one began. */
  readonly #past: number;
  #saved: SavedView[] = [];
  #stopped = false;
  readonly #held = new Map<string, Held>();
  readonly #watched = new Map<string, Watched>();
  readonly #log: LogRow[] = [];
  readonly #pastRows = new Map<string, RequestRow>();
  readonly #listeners = new Set<Tell>();

  constructor(start: 'absent' | 'locked' | 'unlocked' = 'unlocked', past = 0) {
    this.#past = past;
    this.snapshot = {
      revision: 1,
      host: 'browser',
      version: '0.1.0',
      ...(start === 'absent' ? {} : { person: SOLO }),
      key: start === 'unlocked' ? openKey() : { state: start },
      link: { state: 'online', since: now() },
      log: { size: past * ENTRIES_EACH },
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
    this.change({ what: 'request', value: summaryOf(request, digest, this.#size() - 1) });
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
    const { verdict, reason, changes } =
      this.decided.findLast((one) => one.digest === digest) ?? {};
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
      ...(changes === undefined ? {} : { changes }),
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

  /** What the parent of a changed request is; `parentSays` overrides it. */
  parentSays: 'fits' | 'unread' | 'other' = 'fits';
  readonly answers: Answers = {
    app: { snapshot: async () => this.snapshot },
    ...attentionAnswers(),
    setup: setupAnswers({
      snapshot: () => this.snapshot,
      change: (...changes) => this.change(...changes),
      openKey,
    }),
    key: {
      unlock: async ({ passphrase }) => {
        const { vault } = this.snapshot.key;
        if (passphrase === undefined) {
          if (vault?.keeps !== true || vault.trouble !== undefined) return fail('failed');
          this.change({ what: 'key', value: { state: 'unlocked', vault } });
          return ok({});
        }
        if (passphrase !== PASSPHRASE) return fail('wrongPassphrase');
        const key = openKey();
        this.change({ what: 'key', value: key });
        return ok({ until: key.until });
      },
      lock: async () => {
        const { vault } = this.snapshot.key;
        const kept = vault === undefined ? {} : { vault };
        this.change({ what: 'key', value: { state: 'locked', ...kept } });
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
        const parent = parentIn(this.#held, held.request, this.parentSays);
        const summary = this.request(digest);
        return ok({ summary, payload, attachments, verified: true, ...parent });
      },
      attachment: async ({ digest, sha256: wanted }) => {
        const bytes = this.#held.get(digest)?.attachments.get(wanted);
        return bytes === undefined ? fail('unavailable') : ok({ bytes: toB64(bytes) });
      },
      explain: async ({ digest }) => {
        const held = this.#held.get(digest);
        if (this.unexplained) return fail('policyMissing');
        return held === undefined ? fail('unknownRequest') : ok(explanationOf(held.request));
      },
      history: async ({ digest }) => {
        const one = this.snapshot.requests.find((request) => request.digest === digest);
        if (one === undefined) return fail('unknownRequest');
        const { agent, host, target, index: before } = one;
        const last = this.#found({ filters: { agent, host }, before, limit: 5 }).rows;
        const decided = this.#found({ filters: { target }, before, limit: 25 }).rows.filter(
          ({ verdict }) => verdict !== undefined,
        );
        return ok({ last, similar: decided.slice(0, 5), partly: false });
      },
      gesture: async ({ digest, what }) => {
        this.gestures.push({ digest, what });
        const before = this.#watched.get(digest) ?? UNWATCHED;
        this.#watched.set(digest, watch(before, what, performance.now()));
        return {};
      },
      decide: async (input) => this.#decide(input),
      erase: async () => fail('notAllowed'),
    },
    grant: grantAnswers(this, (digest) => this.#held.get(digest)?.request),
    history: {
      page: async ({ before = Infinity, limit }) => {
        const older = this.#log.filter((row) => row.index < before).toReversed();
        const rows = older.slice(0, limit);
        const last = rows.at(-1);
        return older.length > limit && last !== undefined ? { rows, next: last.index } : { rows };
      },
      story: async ({ digest }) => {
        const past = this.#pastRows.get(digest);
        if (past !== undefined) return ok({ summary: pastSummary(past), steps: stepsOfPast(past) });
        const summary = this.snapshot.requests.find((request) => request.digest === digest);
        if (summary === undefined) return fail('unknownRequest');
        const steps = this.#log.filter((row) => row.request === digest).map(stepOf);
        return ok({ summary, steps });
      },
      search: async (asked) => this.#search(asked),
      values: async ({ of, starts, limit }) => ({
        values: valuesOfPast(of, starts).slice(0, limit),
      }),
      charts: async ({ filters }) => ok(chartsOfPast(this.#past, filters)),
      saved: async () => ({ views: this.#saved }),
      savedPut: async (view) => {
        this.#saved = [...this.#saved.filter(({ name }) => name !== view.name), view];
        return ok({});
      },
      savedRemove: async ({ name }) => {
        this.#saved = this.#saved.filter((view) => view.name !== name);
        return {};
      },
      export: async () => this.#begin({ path: `${EXPORTS}/history-1.csv` }),
      evidence: async () => this.#begin({ path: `${EXPORTS}/evidence-1.zip`, evidence: true }),
      exportCancel: async () => {
        this.#stopped = true;
        return {};
      },
      verifyCancel: async () => {
        this.#stopped = true;
        return {};
      },
      verify: async () => this.#verify(),
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

  #size(): number {
    return this.#past * ENTRIES_EACH + this.#log.length;
  }

  #search(asked: Parameters<Answers['history']['search']>[0]) {
    this.searched.push(asked);
    return this.#found(asked);
  }

  #found(asked: Parameters<Answers['history']['search']>[0]) {
    const live = this.snapshot.requests.map((summary) =>
      rowOf(summary, this.#held.get(summary.digest)?.request.action.kind ?? 'exec', SOLO.id),
    );
    const found = searchPast(this.#past, live, asked);
    for (const row of found.rows)
      if (row.index < this.#past * ENTRIES_EACH) this.#pastRows.set(row.digest, row);
    return found;
  }

  #begin(end: Partial<Exported>) {
    this.#stopped = false;
    void this.#export(end);
    return ok({ id: 1 });
  }

  async #export(end: Partial<Exported>): Promise<void> {
    const of = Math.max(1, this.#size());
    for (let part = 1; part <= 4; part++) {
      const [done, rows] = [Math.round((of * part) / 4), Math.round((this.#past * part) / 4)];
      for (const tell of this.#listeners) tell('history.exported', { id: 1, done, of, rows });
      await pause(60);
    }
    const last = this.#stopped ? { cancelled: true } : end;
    for (const tell of this.#listeners)
      tell('history.exported', { id: 1, done: of, of, rows: this.#past, ...last });
  }

  async #verify() {
    const of = this.#size();
    this.#stopped = false;
    for (let part = 1; part <= 4 && !this.#stopped; part++) {
      const done = Math.round((of * part) / 4);
      for (const tell of this.#listeners) tell('history.verifying', { done, of });
      if (this.#past > 0) await pause(120);
    }
    return {
      leaves: this.#stopped ? Math.round(of / 4) : of,
      signatures: this.#stopped ? Math.round(of / 4) : of,
      signers: signersOfPast(this.#stopped ? Math.round(of / 4) : of),
      withoutBody: 0,
      root: toB64(randomBytes(32)),
      checkpoint: `ada/log\n${of}\nroot\n\n— ada/log AAAA\n— ada-laptop BBBB\n`,
      logKey: 'ada/log+7c1f0a2e',
      problems: [],
      at: now(),
      ...(this.#stopped ? { stopped: true as const } : {}),
    };
  }

  #append(type: StatementType, request: string, says: string, who: string): void {
    const held = this.#held.get(request);
    const title = held === undefined ? '' : headline(held.request).title;
    const index = this.#size();
    this.#log.push({ index, type, at: now(), request, title, says, who });
    this.change({ what: 'log', value: { ...this.snapshot.log, size: this.#size() } });
  }
}

const OFF = { approveOff: 'ended', denyOff: 'ended' } as const;
const now = (): string => new Date().toISOString();
const openKey = () =>
  ({ state: 'unlocked', until: new Date(Date.now() + 12 * 3600_000).toISOString() }) as const;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

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
