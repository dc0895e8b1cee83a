// A reviewer app for the hosts' tests: the whole contract with real state (a passphrase, a desk, decisions), no crypto keys.

import { toB64 } from '../../../shared/bytes.ts';
import type { Answers, Caller } from '../../../shared/ipc/contract.ts';
import { applyChanges } from '../../../shared/ipc/apply.ts';
import type { Change, RequestSummary, Snapshot } from '../../../shared/ipc/snapshot.ts';
import type { Tier } from '../../../shared/domain/tier.ts';
import { encodeStatement } from '../../../shared/statement/statement.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { renderView, viewText } from '../../../shared/statement/view/render.ts';
import type { ReviewerApp } from '../../../main/app/compose.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { attentionAnswers } from '../../kit/attention-answers.ts';
import { EXEC, requestOf } from '../statement/view-samples.ts';

const AT = '2026-11-22T09:30:00.000Z';
const utf8 = (text: string) => new TextEncoder().encode(text);

export type Intent = Parameters<Answers['request']['decide']>[0];
export type FakeApp = ReviewerApp & {
  readonly add: (tier: Tier, changes?: Partial<Request>) => string;
  readonly change: (...changes: readonly Change[]) => void;
  readonly patch: (digest: string, changes: Partial<RequestSummary>) => void;
  readonly gestures: string[];
  readonly intents: Intent[];
  readonly callers: Caller[];
  readonly listeners: () => number;
};

/** `passphrase` undefined: a first run. */
export function fakeApp(passphrase: string | undefined, journal: string[] = []): FakeApp {
  let secret = passphrase;
  const payloads = new Map<string, Uint8Array>();
  const tells = new Set<Parameters<ReviewerApp['listen']>[0]>();
  const gestures: string[] = [];
  const intents: Intent[] = [];
  const callers: Caller[] = [];
  let snapshot: Snapshot = {
    revision: 0,
    host: 'browser',
    version: '0.0.0',
    key: { state: passphrase === undefined ? 'absent' : 'locked' },
    link: { state: 'online', since: AT },
    log: { size: 0 },
    requests: [],
  };
  const change = (...changes: readonly Change[]): void => {
    const revision = snapshot.revision + 1;
    const applied = applyChanges(snapshot, revision, changes);
    if (!('snapshot' in applied)) throw new Error('a change that does not apply');
    snapshot = applied.snapshot;
    for (const tell of tells) tell('app.changed', { revision, changes });
  };
  const find = (digest: string) => snapshot.requests.find((one) => one.digest === digest);
  const patch = (digest: string, changes: Partial<RequestSummary>): void => {
    const before = find(digest);
    if (before === undefined) throw new Error('no such request');
    change({ what: 'request', value: { ...before, ...changes } });
  };
  const unlocked = (): void => change({ what: 'key', value: { state: 'unlocked', until: AT } });
  const answers: Answers = {
    app: { snapshot: async () => snapshot },
    ...attentionAnswers(),
    grant: {
      form: async () => ({ ok: false, code: 'unknownRequest' }),
      propose: async () => ({ ok: false, code: 'unknownRequest' }),
      give: async () => ({ ok: false, code: 'termsGone' }),
      end: async () => ({ ok: false, code: 'termsGone' }),
    },
    setup: {
      suggestion: async () => ({ id: 'maya', name: 'Maya', home: '/home/maya' }),
      solo: async (input) => {
        if (secret !== undefined) return { ok: false, code: 'done' };
        if (input.passphrase.length < 12) return { ok: false, code: 'passphraseTooShort' };
        secret = input.passphrase;
        unlocked();
        return { ok: true, value: {} };
      },
      join: async () => ({ ok: false, code: 'failed' }),
      confirmRoots: async () => ({ ok: false, code: 'notComparing' }),
      askAgain: async () => ({}),
      stopJoining: async () => ({ ok: false, code: 'failed' }),
    },
    key: {
      unlock: async (input, caller) => {
        callers.push(caller);
        if (secret === undefined) return { ok: false, code: 'absent' };
        if (input.passphrase !== secret) return { ok: false, code: 'wrongPassphrase' };
        unlocked();
        return { ok: true, value: { until: AT } };
      },
      lock: async () => {
        change({ what: 'key', value: { state: 'locked' } });
        return {};
      },
    },
    request: {
      open: async ({ digest }, caller) => {
        callers.push(caller);
        const payload = payloads.get(digest);
        const summary = find(digest);
        if (payload === undefined || summary === undefined)
          return { ok: false, code: 'unknownRequest' };
        const value = { summary, payload: toB64(payload), attachments: [], verified: true };
        return { ok: true, value };
      },
      attachment: async () => ({ ok: false, code: 'unavailable' }),
      explain: async () => ({ ok: false, code: 'unknownRequest' }),
      history: async () => ({ ok: false, code: 'unknownRequest' }),
      gesture: async ({ digest, what }) => {
        gestures.push(`${digest.slice(0, 8)} ${what}`);
        return {};
      },
      erase: async () => ({ ok: false, code: 'notAllowed' }),
      decide: async (input) => {
        intents.push(input);
        const payload = payloads.get(input.digest);
        const view = payload && renderView(payload, new Map());
        if (!view?.ok) return { ok: false, code: 'unknownRequest' };
        if (input.viewSha256 !== sha256Hex(utf8(viewText(view.value)))) {
          return { ok: false, code: 'viewDiffers' };
        }
        patch(input.digest, { stage: 'decided' });
        return { ok: true, value: { decision: 'd'.repeat(64) } };
      },
    },
    history: {
      page: async () => ({ rows: [] }),
      story: async () => ({ ok: false, code: 'unknownRequest' }),
      search: async () => ({ rows: [], took: 0 }),
      values: async () => ({ values: [] }),
      charts: async () => ({ ok: false, code: 'unknownZone' }),
      saved: async () => ({ views: [] }),
      savedPut: async () => ({ ok: true, value: {} }),
      savedRemove: async () => ({}),
      export: async () => ({ ok: false, code: 'failed' }),
      evidence: async () => ({ ok: false, code: 'failed' }),
      exportCancel: async () => ({}),
      verifyCancel: async () => ({}),
      verify: async () => {
        throw new Error('no log here');
      },
    },
  };
  let index = 0;
  return {
    answers,
    listen: (tell) => {
      tells.add(tell);
      return () => void tells.delete(tell);
    },
    watch: (tell) => {
      tells.add(tell);
      return () => void tells.delete(tell);
    },
    wake: () => void journal.push('app woken'),
    start: async () => {},
    stop: async () => void journal.push('app stopped'),
    raise: () => {
      for (const tell of tells) tell('app.raised', {});
    },
    change,
    patch,
    gestures,
    intents,
    callers,
    listeners: () => tells.size,
    add: (tier, changes = {}) => {
      const { policy } = requestOf(EXEC);
      index += 1;
      const requestId = index.toString(16).padStart(32, '0');
      const request = requestOf(EXEC, { requestId, policy: { ...policy, tier }, ...changes });
      const payload = encodeStatement('request', request);
      const digest = sha256Hex(payload);
      payloads.set(digest, payload);
      change({ what: 'request', value: summaryOf(request, digest, index, tier) });
      return digest;
    },
  };
}

const summaryOf = (
  request: Request,
  digest: string,
  index: number,
  tier: Tier,
): RequestSummary => ({
  digest,
  requestId: request.requestId,
  index,
  title: `node export.js customers ${index}`,
  target: 'customers',
  reason: 'nightly export',
  agent: request.agent.id,
  onBehalfOf: 'maya',
  guard: request.guard.id,
  host: request.guard.host,
  tier,
  createdAt: AT,
  expiresAt: AT,
  stage: 'open',
  guardState: 'here',
  decisions: [],
});
