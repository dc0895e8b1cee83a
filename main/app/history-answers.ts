// What answers the contract's `history` group: the log's pages and stories, the index's rows, counts and saved views, and
// the two that take their time (export, verify), which tell how far they are and can be stopped.

import { join } from 'node:path';
import type { Answers } from '../../shared/ipc/contract.ts';
import type { FoundRows } from '../../shared/ipc/history.ts';
import { fail, ok } from '../../shared/result.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { zipOf } from '../evidence/zip.ts';
import { keptAlarm } from './alarm-file.ts';
import type { AppPorts } from './compose.ts';
import type { DeskEntry } from './desk.ts';
import { openPolicyFiles } from '../state/policy-files.ts';
import { type Bound, collectEvidence } from './evidence.ts';
import { childOf, historyPage, storySteps, verifyAll } from './history.ts';
import { chartsOf } from './history-charts.ts';
import { erasedSummary } from './history-erased.ts';
import { type MakeBundle, openExports } from './history-export.ts';
import type { FoundRequest, HistoryQuestion } from './ports.ts';
import type { Session } from './session.ts';
import type { AppState } from './state.ts';

export type HistoryPorts = {
  readonly ports: AppPorts;
  readonly state: AppState;
  readonly session: () => Session | undefined;
  readonly find: (session: Session, digest: string) => Promise<DeskEntry | undefined>;
  /** Of a request, by digest, from the broker where it is not at hand; undefined where it is not to be had. */
  readonly attachment: (request: string, sha256: string) => Promise<Uint8Array | undefined>;
};

export function buildHistoryAnswers(by: HistoryPorts): Answers['history'] {
  const { ports, state } = by;
  const { store, clock } = ports;
  const nameOf = (id: string): string =>
    by.session() === undefined ? id : reviewerName(by.session()?.keyring().keyring, id);
  const search = async (question: HistoryQuestion): Promise<FoundRows> => {
    const { rows, next, took } = await store.search(question);
    const named = rows.map((row) => withName(row, nameOf));
    return { rows: named, took, ...(next === undefined ? {} : { next }) };
  };
  const exports = openExports({
    folder: join(ports.home.app, 'exports'),
    clock,
    size: () => by.session()?.replica.size() ?? 0,
    search,
    tell: (exported) => state.tell('history.exported', exported),
  });
  return {
    page: async ({ before, limit }) => {
      const session = by.session();
      return session ? historyPage(store, session.keyring(), before, limit) : { rows: [] };
    },
    story: async ({ digest }) => {
      const session = by.session();
      const entry = session && (await by.find(session, digest));
      const summary = entry && session?.summaryOf(entry);
      const told = summary ?? (await erasedSummary(store, digest));
      if (!session || !told) return fail('unknownRequest');
      const steps = await storySteps(store, session.keyring(), digest);
      const child = await childOf(store, digest);
      return ok({ summary: told, steps, ...(child === undefined ? {} : { child }) });
    },
    search,
    values: async ({ of, starts, limit }) => ({
      values: [...(await store.values(of, starts ?? '', limit))],
    }),
    charts: async ({ filters, zone }) => {
      const began = clock.monotonic();
      const tally = await store.tally(filters);
      return chartsOf(tally, zone, nameOf, clock.monotonic() - began);
    },
    saved: async () => ({ views: [...(await store.savedViews())] }),
    savedPut: async (view) => ((await store.putSavedView(view)) ? ok({}) : fail('full')),
    savedRemove: async ({ name }) => {
      await store.removeSavedView(name);
      return {};
    },
    export: async (wish) => exports.start(wish),
    evidence: async (wish) => exports.bundle(evidenceBundle(by, wish)),
    exportCancel: async ({ id }) => {
      exports.cancel(id);
      return {};
    },
    ...verifying(by),
  };
}

function evidenceBundle(
  by: HistoryPorts,
  { from, to, request }: Parameters<Answers['history']['evidence']>[0],
): MakeBundle {
  const boundOf = (at: number | string | undefined): Bound | undefined =>
    typeof at === 'number' ? { index: at } : at === undefined ? undefined : { time: at };
  return async (watch) => {
    const alarm = keptAlarm(by.ports.home);
    const made = await collectEvidence(
      {
        store: by.ports.store,
        fork: typeof alarm === 'object' ? alarm.fork : undefined,
        attachment: by.attachment,
        policy: openPolicyFiles(by.ports.home).read,
        ...watch,
      },
      { from: boundOf(from), to: boundOf(to), request },
    );
    if (made.ok) return { bytes: zipOf(made.value.files), entries: made.value.entries };
    if (made.code === 'stopped') return undefined;
    throw new Error(made.detail ?? made.code);
  };
}

/** A second `verify` while one runs ends the first: only the newest is on a screen. */
function verifying({ ports, state, session }: HistoryPorts) {
  let turn = 0;
  return {
    verify: async () => {
      const open = session();
      if (!open) throw new Error('there is no log before the keys are made');
      turn += 1;
      const mine = turn;
      return verifyAll(ports.store, open.replica, open.keyring(), ports.clock.now(), {
        progress: (done, of) => state.tell('history.verifying', { done, of }),
        stopped: () => turn !== mine,
      });
    },
    verifyCancel: async () => {
      turn += 1;
      return {};
    },
  };
}

export const withName = ({ reviewer, ...row }: FoundRequest, nameOf: (id: string) => string) =>
  reviewer === undefined ? row : { ...row, reviewer: { id: reviewer, name: nameOf(reviewer) } };

export const reviewerName = (keyring: Keyring | undefined, id: string): string =>
  keyring?.reviewers.find((one) => one.id === id)?.name ?? id;
